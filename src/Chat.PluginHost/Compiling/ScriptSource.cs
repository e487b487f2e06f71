namespace Chat.PluginHost.Compiling;

/// <summary>A script to compile.</summary>
/// <param name="File">Its absolute path.</param>
/// <param name="AssemblyName">The name of the assembly to make.</param>
/// <param name="Content">What is in the file.</param>
internal sealed record ScriptSource(string File, string AssemblyName, byte[] Content)
{
    /// <summary>The folder that what it names is relative to.</summary>
    public string Folder => Path.GetDirectoryName(File)!;
}
