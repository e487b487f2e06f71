using System.Reflection;
using Chat.PluginHost.Compiling;
using Chat.PluginHost.Compiling.Instrumentation;
using Chat.PluginHost.Loading;
using Chat.PluginHost.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.PluginHost.Tests.Compiling;

/// <summary>
/// A script compiled, loaded and run once, without a server. Its last expression is what a test gets of it.
/// </summary>
internal sealed class RunningScript : IDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ShadowFolder _shadow;
    private readonly LoadedCode _code;

    private RunningScript(
        TemporaryFolder folder, ShadowFolder shadow, CompiledScript compiled, LoadedCode code, object result)
    {
        _folder = folder;
        _shadow = shadow;
        _code = code;
        Compiled = compiled;
        Result = result;
    }

    public CompiledScript Compiled { get; }

    /// <summary>The value of its last expression.</summary>
    public object Result { get; }

    public ScriptCancellation Stop => _code.ScriptCancellation!;

    /// <summary>Whether the checks in it are on.</summary>
    public bool IsAsked =>
        (bool)_code.Load().GetType(CancellationCheck.TypeName)!.GetField(CancellationCheck.Asked)!.GetValue(null)!;

    /// <summary>Runs <c>main.csx</c>.</summary>
    public static async Task<RunningScript> StartAsync(string script, params (string Name, string Text)[] loaded)
    {
        var folder = new TemporaryFolder();
        foreach (var (name, text) in loaded)
            File.WriteAllText(Path.Combine(folder.Path, name), text);
        var file = Path.Combine(folder.Path, "main.csx");
        File.WriteAllText(file, script);
        var compiled = Compile(file);
        Assert.That(compiled.Errors, Is.Empty);
        var shadow = new ShadowFolder(Path.Combine(folder.Path, "shadow"));
        var unit = new PluginSource("main", 100, PluginKind.Script, file, folder.Path, [file], null);
        var code = new McMasterLoader(shadow, NullLogger.Instance).Load(unit, compiled);
        var run = code.Load().GetType(ScriptCompiler.EntryType)!
            .GetMethod(ScriptCompiler.EntryMethod, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!
            .CreateDelegate<Func<object?[], Task<object>>>();
        return new RunningScript(folder, shadow, compiled, code, await run([null, null]));
    }

    /// <summary>Compiles without a cache.</summary>
    public static CompiledScript Compile(string file) =>
        new ScriptCompiler(cache: null).Compile(
            file, "main.csx", path => Path.GetFileName(path), CancellationToken.None);

    public void Dispose()
    {
        // What a test has left behind running must not go on for all the others.
        Stop.StopAll();
        _code.Unload();
        _shadow.Dispose();
        _folder.Dispose();
    }
}
