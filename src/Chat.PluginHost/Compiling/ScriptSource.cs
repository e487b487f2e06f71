namespace Chat.PluginHost.Compiling;

/// <summary>A script to compile.</summary>
internal sealed record ScriptSource(string File, string AssemblyName, byte[] Content)
{
    /// <summary>The folder that the paths in it are relative to.</summary>
    public string Folder => Path.GetDirectoryName(File)!;
}
