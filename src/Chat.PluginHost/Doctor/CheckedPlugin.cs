using Chat.PluginHost.Compiling;
using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Doctor;

/// <summary>A plugin as the checks see it: its files, read but not run.</summary>
internal sealed class CheckedPlugin : IDisposable
{
    private CheckedPlugin(PluginSource unit, CompiledScript? script, AssemblyImage? image, ImageDefect defect)
    {
        Unit = unit;
        Script = script;
        Image = image;
        Defect = defect;
        Manifest = unit.Kind == PluginKind.Dll ? DependencyManifest.Read(Path.ChangeExtension(unit.MainFile, ".deps.json")) : null;
        Dependencies = new DependencyClosure(this);
    }

    public PluginSource Unit { get; }

    /// <summary>What came of compiling it; <see langword="null"/> for a DLL.</summary>
    public CompiledScript? Script { get; }

    /// <summary>The DLL itself; <see langword="null"/> for a script and for a file that is no assembly.</summary>
    public AssemblyImage? Image { get; }

    /// <summary>Why there is no <see cref="Image"/> of a DLL.</summary>
    public ImageDefect Defect { get; }

    /// <summary>What its <c>deps.json</c> says; <see langword="null"/> when it has none.</summary>
    public DependencyManifest? Manifest { get; }

    /// <summary>All it needs, and all that needs.</summary>
    public DependencyClosure Dependencies { get; }

    /// <summary>Reads a plugin's files; a script is compiled.</summary>
    public static CheckedPlugin Open(PluginSource unit, ScriptCompiler compiler, CancellationToken cancellationToken)
    {
        var defect = ImageDefect.None;
        if (unit.Kind == PluginKind.Dll)
            return new CheckedPlugin(unit, null, AssemblyImage.Open(unit.MainFile, out defect), defect);
        if (PluginSource.IsEmpty(unit.MainFile))
            return new CheckedPlugin(unit, null, null, ImageDefect.Empty);
        try
        {
            var script = compiler.Compile(unit.MainFile, $"{unit.Id}-check", unit.Shorten, cancellationToken);
            return new CheckedPlugin(unit, script, null, ImageDefect.None);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new CheckedPlugin(unit, null, null, ImageDefect.Unreadable);
        }
    }

    /// <summary>A path as people know it: from the plugin's folder, when it is in there.</summary>
    public string Shorten(string file) => Unit.Shorten(file);

    public void Dispose()
    {
        Dependencies.Dispose();
        Image?.Dispose();
    }
}
