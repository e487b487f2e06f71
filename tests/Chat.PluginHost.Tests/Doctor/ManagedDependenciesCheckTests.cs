using Microsoft.CodeAnalysis;

namespace Chat.PluginHost.Tests.Doctor;

[CancelAfter(60000)]
public sealed class ManagedDependenciesCheckTests
{
    [TestCase("UsesLibrary1")]
    [TestCase("Localized")]
    [TestCase("Standard")]
    [TestCase("AppPlugin")]
    public async Task A_plugin_that_brings_all_it_needs_is_fine(string plugin, CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).WriteTestPlugin(plugin);

        Assert.That(await checkup.FindAsync(plugin), Is.Empty);
    }

    [Test]
    public async Task What_is_missing_is_named_with_every_path_it_was_looked_for_at(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).WriteTestPlugin("UsesLibrary1");
        File.Delete(checkup.Drop("UsesLibrary1", "Shared.Library.dll"));

        var found = await checkup.FindAsync("UsesLibrary1");

        Assert.That(found, Has.One.StartsWith(
            "Error UsesLibrary1.dll: it needs Shared.Library 1.0.0, which is missing. Looked "
                + $"for {checkup.Drop("UsesLibrary1", "Shared.Library.dll")}. | Copy the plugin's whole output folder; "
                + "<EnableDynamicLoading>"));
    }

    [Test]
    public async Task What_a_library_needs_is_looked_for_too(CancellationToken cancellationToken)
    {
        var deepest = CompiledPlugin.Compile("Deepest", "public class Deepest { }");
        var deeper = CompiledPlugin.Compile(
            "Deeper", "public class Deeper { public Deepest D; }", MetadataReference.CreateFromImage(deepest));
        var plugin = CompiledPlugin.Compile(
            "Deep",
            "public class ThePlugin : Chat.Plugins.IChatPlugin { public Deeper D; public "
                + "System.Threading.Tasks.ValueTask StartAsync(Chat.Plugins.IPluginContext c, "
                + "System.Threading.CancellationToken t) => default; }",
            CompiledPlugin.Contract,
            MetadataReference.CreateFromImage(deeper));
        using var checkup = new Checkup(cancellationToken).Write("Deep/Deep.dll", plugin).Write(
            "Deep/Deeper.dll", deeper);

        var found = await checkup.FindAsync("Deep");

        Assert.That(found, Has.One.StartsWith(
            "Error Deeper.dll: it needs Deepest 0.0.0, which is missing. Looked "
                + $"for {checkup.Drop("Deep", "Deepest.dll")}."));
    }

    [Test]
    public async Task What_lies_beside_a_DLL_in_the_drop_folder_itself_does_not_belong_to_it_and_the_fix_says_so(
        CancellationToken cancellationToken)
    {
        var built = RepositoryFiles.TestPlugin("UsesLibrary1");
        using var checkup = new Checkup(cancellationToken)
            .Write("UsesLibrary1.dll", File.ReadAllBytes(Path.Combine(built, "UsesLibrary1.dll")))
            .Write("Shared.Library.dll", File.ReadAllBytes(Path.Combine(built, "Shared.Library.dll")));

        var found = await checkup.FindAsync("UsesLibrary1.dll");

        Assert.That(found, Has.One.StartsWith(
            "Error UsesLibrary1.dll: it needs Shared.Library 1.0.0, which lies beside it but does not belong to it")
            .And.One.EndsWith("| Put both into a folder named UsesLibrary1."));
    }

    [Test]
    public async Task What_only_the_server_happens_to_have_is_a_warning(CancellationToken cancellationToken)
    {
        var plugin = CompiledPlugin.Compile(
            "Leaning",
            "public class ThePlugin : Chat.Plugins.IChatPlugin { public Chat.Engine.ChatServer S; public "
                + "System.Threading.Tasks.ValueTask StartAsync(Chat.Plugins.IPluginContext c, "
                + "System.Threading.CancellationToken t) => default; }",
            CompiledPlugin.Contract,
            MetadataReference.CreateFromFile(typeof(Engine.ChatServer).Assembly.Location));
        using var checkup = new Checkup(cancellationToken).Write("Leaning.dll", plugin);

        var found = await checkup.FindAsync("Leaning.dll");

        Assert.That(found, Has.One.StartsWith("Warning Leaning.dll: it needs Chat.Engine ").And.One.Contains(
            "the server's own copy is used"));
    }

    [Test]
    public async Task What_a_scripts_library_needs_is_looked_for_beside_that_library(
        CancellationToken cancellationToken)
    {
        var deepest = CompiledPlugin.Compile("Deepest", "public class Deepest { }");
        var deeper = CompiledPlugin.Compile(
            "Deeper", "public class Deeper { Deepest D; }", MetadataReference.CreateFromImage(deepest));
        using var checkup = new Checkup(cancellationToken).Write("_lib/Deeper.dll", deeper).Write("refers.csx", """
            #r "_lib/Deeper.dll"
            OnMessage(m => Pass);
            """);

        var found = await checkup.FindAsync("refers.csx");

        Assert.That(found, Has.One.StartsWith(
            "Error Deeper.dll: it needs Deepest 0.0.0, which is missing. Looked "
                + $"for {checkup.Drop("_lib", "Deepest.dll")}."));
    }

    [TestCase("Microsoft.AspNetCore.Http.Abstractions", "{}")]
    [TestCase(
        "Microsoft.Net.Http.Headers",
        """{ "runtimeOptions": { "frameworks": [ { "name": "Microsoft.AspNetCore.App", "version": "10.0.0" } ] } }""")]
    public async Task What_the_ASP_NET_Core_framework_has_is_one_error_that_does_not_advise_to_copy_files(
        string assembly, string runtimeConfig, CancellationToken cancellationToken)
    {
        var framework = CompiledPlugin.Compile(assembly, "public class Something { }");
        var second = CompiledPlugin.Compile("Microsoft.AspNetCore.Second", "public class Second { }");
        var plugin = CompiledPlugin.Compile(
            "Web",
            "public class ThePlugin : Chat.Plugins.IChatPlugin { public Something S; public Second T; public "
                + "System.Threading.Tasks.ValueTask StartAsync(Chat.Plugins.IPluginContext c, "
                + "System.Threading.CancellationToken t) => default; }",
            CompiledPlugin.Contract,
            MetadataReference.CreateFromImage(framework),
            MetadataReference.CreateFromImage(second));
        using var checkup = new Checkup(cancellationToken).Write("Web/Web.dll", plugin).Write(
            "Web/Web.runtimeconfig.json", runtimeConfig);

        var report = await checkup.CheckAsync("Web");

        var finding = report.Findings.Single(each => each.Problem.Contains("ASP.NET Core"));
        Assert.That(finding.Problem, Does.StartWith("it needs the ASP.NET Core framework (Microsoft."));
        Assert.That(finding.Fix, Does.Contain("FrameworkReference"));
        Assert.That(report.Findings.Select(each => each.Fix), Has.None.Contain("output folder"));
    }
}
