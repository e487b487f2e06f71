using System.Diagnostics;

namespace Chat.Server.Crashes;

/// <summary>Notices when the process ends although the host has not ended it: a plugin has called
/// <see cref="Environment.Exit"/>. Watches until it is disposed.</summary>
internal sealed class UnaskedExit : IDisposable
{
    /// <summary>Tells a supervisor that the server was not stopped, whatever exit code the plugin has used.</summary>
    public const int ServerExitCode = 70;

    private readonly Action<StackTrace> _note;
    private readonly int _exitCode;

    public UnaskedExit(Action<StackTrace> note, int exitCode)
    {
        _note = note;
        _exitCode = exitCode;
        AppDomain.CurrentDomain.ProcessExit += Note;
    }

    /// <summary>The plugin that has ended the process, as the subject of a sentence.</summary>
    public static string Culprit(IReadOnlyList<string> plugins) => plugins.Count switch
    {
        0 => "a plugin",
        1 => $"the plugin {plugins[0]}",
        _ => $"one of the plugins {string.Join(", ", plugins)}",
    };

    public void Dispose() => AppDomain.CurrentDomain.ProcessExit -= Note;

    private void Note(object? sender, EventArgs e)
    {
        _note(new StackTrace());
        Environment.ExitCode = _exitCode;
    }
}
