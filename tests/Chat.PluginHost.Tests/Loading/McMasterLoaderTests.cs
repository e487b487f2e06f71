using System.Runtime.CompilerServices;
using Chat.PluginHost.Compiling;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Loading;
using Chat.PluginHost.Tests.Compiling;
using Chat.PluginHost.Watching;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.PluginHost.Tests.Loading;

/// <summary>The loader alone, without a server.</summary>
[NonParallelizable]
public sealed class McMasterLoaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ShadowFolder _shadow;

    public McMasterLoaderTests() => _shadow = new ShadowFolder(Path.Combine(_folder.Path, "shadow"));

    private string Drop => Path.Combine(_folder.Path, "drop");

    /// <summary>The copies there are now.</summary>
    private string[] Copies =>
        Directory.GetDirectories(Directory.GetDirectories(Path.Combine(_folder.Path, "shadow")).Single());

    public void Dispose()
    {
        _shadow.Dispose();
        _folder.Dispose();
    }

    [TestCase("Plain")]
    [TestCase("UsesLibrary1")]
    [TestCase("Localized")]
    [TestCase("BareHook")]
    [TestCase("Standard")]
    [TestCase("AppPlugin")]
    [TestCase("UsesJson")]
    [TestCase("say.csx")]
    [TestCase("refers.csx")]
    public void Of_a_hundred_versions_none_is_in_memory_once_it_is_unloaded(string kind)
    {
        var (plugin, script) = kind.EndsWith(".csx", StringComparison.Ordinal) ? Script(kind) : (Dll(kind), null);
        List<WeakReference> versions = [];

        for (var version = 0; version < 100; version++)
            versions.Add(LoadAndUnload(plugin, script));

        Assert.That(LoadContexts.IsCollected(() => !versions.Exists(each => each.IsAlive)), Is.True);
        Assert.That(Copies, Is.Empty);
    }

    [Test]
    public void If_a_file_cannot_be_added_to_the_copy_the_copy_is_deleted_and_the_load_is_tried_again()
    {
        var (plugin, script) = Script("refers.csx");
        script =
            script with { Libraries = new Dictionary<string, string> { ["Gone"] = Path.Combine(Drop, "gone.dll") } };

        var error = Assert.Throws<PluginLoadException>(() => Loader().Load(plugin, script));

        Assert.That(error!.Message, Does.StartWith($"refers.csx: it cannot be copied to {_folder.Path}").And.EndWith(
            "It is tried again."));
        Assert.That(error.MayPass, Is.True);
        Assert.That(Copies, Is.Empty);
    }

    [Test]
    public void If_a_script_cannot_be_loaded_its_copy_is_deleted()
    {
        var (plugin, script) = Script("say.csx");

        Assert.That(
            () => Loader().Load(plugin, script with { Assembly = [1, 2, 3] }),
            Throws.InstanceOf<BadImageFormatException>());
        Assert.That(Copies, Is.Empty);
    }

    [Test]
    public void If_the_deps_file_is_damaged_the_copy_is_deleted_and_the_error_says_what_to_do()
    {
        var plugin = Dll("Plain");
        File.WriteAllText(Path.Combine(Drop, "Plain", "Plain.deps.json"), "{ nonsense");

        var error = Assert.Throws<PluginLoadException>(() => Loader().Load(plugin));

        Assert.That(error!.Message, Does.StartWith("Plain.dll: its .deps.json cannot be used: ").And.EndWith(
            "Copy the plugin's whole output folder."));
        Assert.That(Copies, Is.Empty);
    }

    private McMasterLoader Loader() => new(_shadow, NullLogger.Instance);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private WeakReference LoadAndUnload(PluginSource plugin, CompiledScript? script)
    {
        var code = script is null ? Loader().Load(plugin) : Loader().Load(plugin, script);
        foreach (var type in code.Load().GetExportedTypes().Where(
            type => type.GetConstructor(Type.EmptyTypes) is not null))
            GC.KeepAlive(Activator.CreateInstance(type));
        code.Unload();
        return code.Track();
    }

    private PluginSource Dll(string name)
    {
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin(name), Path.Combine(Drop, name));
        return PluginScanner.Scan(Drop, Drop).Sources.Single();
    }

    private (PluginSource Plugin, CompiledScript Script) Script(string name)
    {
        Directory.CreateDirectory(Path.Combine(Drop, "_lib"));
        File.Copy(
            Path.Combine(RepositoryFiles.TestPlugin("Library1"), "Shared.Library.dll"),
            Path.Combine(Drop, "_lib", "Shared.Library.dll"));
        var file = Path.Combine(Drop, name);
        File.WriteAllText(file, name == "refers.csx"
            ? "#r \"_lib/Shared.Library.dll\"\nOnMessage(m => Rewrite(Shared.Library.Greeting.Text));"
            : "OnMessage(m => Pass);");
        var script = RunningScript.Compile(file);
        Assert.That(script.Errors, Is.Empty);
        return (PluginScanner.Scan(Drop, Drop).Sources.Single(), script);
    }
}
