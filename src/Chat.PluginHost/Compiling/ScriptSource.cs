namespace Chat.PluginHost.Compiling;

/// <summary>A script to compile.</summary>
/// <param name="File">Its absolute path.</param>
/// <param name="AssemblyName">The name of the assembly.</param>
/// <param name="Content">The file's content.</param>
internal sealed record ScriptSource(string File, string AssemblyName, byte[] Content)
{
    /// <summary>The folder that the paths in it are relative to.</summary>
    public string Folder => Path.GetDirectoryName(File)!;
}
