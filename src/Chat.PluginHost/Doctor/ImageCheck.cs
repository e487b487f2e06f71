namespace Chat.PluginHost.Doctor;

/// <summary>A plugin's file can be read, and a DLL is a whole .NET assembly.</summary>
internal sealed class ImageCheck : IPluginCheck
{
    public IEnumerable<Finding> Check(CheckedPlugin plugin)
    {
        var source = plugin.Unit.Source;
        if (plugin.Defect != ImageDefect.None)
            yield return Describe(source, plugin.Defect);
        if (plugin.Manifest is { Problem: { } problem } manifest)
            yield return Finding.Fatal(Path.GetFileName(manifest.File), problem, "Copy the plugin's whole output folder again, or delete this file: what the plugin needs is then looked for beside it.");
    }

    private static Finding Describe(string source, ImageDefect defect) => defect switch
    {
        ImageDefect.Empty => Finding.Fatal(source, "the file is empty, or is no file but a pipe or a device.", "Copy or save it again."),
        ImageDefect.Native => Finding.Fatal(source, "this is a native library, not a .NET assembly.", "Put native libraries into the folder of the plugin that uses them."),
        ImageDefect.Unreadable => Finding.Fatal(source, "the file cannot be read.", "Check its owner and mode: the user the server runs as must be able to read it."),
        _ => Finding.Fatal(source, "this is not a .NET assembly, or only a part of one.", "Build it again, and copy it whole."),
    };
}
