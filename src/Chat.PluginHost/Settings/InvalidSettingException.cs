namespace Chat.PluginHost.Settings;

/// <summary>A setting that a plugin cannot use: its place, what it is and what it must be.</summary>
internal sealed class InvalidSettingException(string where, string problem) : FormatException($"{where}: {problem}")
{
    public LoadProblem Problem => new(where, problem);
}
