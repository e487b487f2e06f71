namespace Chat.PluginHost.Tests.Doctor;

[CancelAfter(60000)]
public sealed class EntryPointCheckTests
{
    private const string Start =
        "public System.Threading.Tasks.ValueTask StartAsync(Chat.Plugins.IPluginContext c, "
            + "System.Threading.CancellationToken t) => default;";

    [TestCase(
        "public class Nothing { public Chat.Hooks.Verdict V; }",
        "Error Entry.dll: there is no plugin in it. | Add a public class that implements IChatPlugin (or IMessageHook, "
            + "IMessageGuard, IMessageObserver).")]
    [TestCase(
        "class Hidden : Chat.Plugins.IChatPlugin { " + Start + " }",
        "Error Entry.dll: Hidden implements IChatPlugin, but is not public, so the host does not see it. | Make it "
            + "public.")]
    [TestCase(
        "namespace Some { public class Outer { class Hidden : Chat.Plugins.IChatPlugin { " + Start + " } } }",
        "Error Entry.dll: Some.Outer.Hidden implements IChatPlugin, but is not public, so the host does not see it. | "
            + "Make it public.")]
    [TestCase(
        "public abstract class Half : Chat.Plugins.IChatPlugin { " + Start + " }",
        "Error Entry.dll: Half implements IChatPlugin, but is abstract. | Make it a class that can be created.")]
    [TestCase(
        "public class Open<T> : Chat.Plugins.IChatPlugin { " + Start + " }",
        "Error Entry.dll: Open<T> implements IChatPlugin, but has type parameters. | Derive a class that has none.")]
    [TestCase(
        "public class Closed : Chat.Plugins.IChatPlugin { public Closed(int number) { } " + Start + " }",
        "Error Entry.dll: Closed has no public constructor without parameters. | Add one; what the plugin needs comes "
            + "with StartAsync.")]
    [TestCase(
        "class Hook : Chat.Hooks.IMessageObserver { public System.Threading.Tasks.ValueTask "
            + "OnOutcomeAsync(Chat.Hooks.MessageOutcome o, System.Threading.CancellationToken c) => default; }",
        "Error Entry.dll: Hook implements a hook's interface, but is not public, so the host does not see it. | Make "
            + "it public.")]
    public async Task A_DLL_without_a_class_to_start_is_one_error_that_says_why(
        string source, string finding, CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write(
            "Entry.dll", CompiledPlugin.Compile("Entry", source, CompiledPlugin.Contract));

        Assert.That(await checkup.FindAsync("Entry.dll"), Is.EqualTo([finding]));
    }

    [TestCase(
        "public abstract class Half : Chat.Plugins.IChatPlugin { " + Start + " } public class Whole : Half { }",
        TestName = "derived from an abstract one")]
    [TestCase(
        "public class P : Chat.Plugins.IChatPlugin { " + Start
            + " } class Mine : Chat.Hooks.IMessageObserver { Mine(int i) { } public System.Threading.Tasks.ValueTask "
            + "OnOutcomeAsync(Chat.Hooks.MessageOutcome o, System.Threading.CancellationToken c) => default; }",
        TestName = "with a hook of its own that is not public")]
    [TestCase(
        "public class Outer { public class P : Chat.Plugins.IChatPlugin { " + Start + " } }",
        TestName = "within another class")]
    public async Task A_plugin_is_seen(string source, CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write(
            "Entry.dll", CompiledPlugin.Compile("Entry", source, CompiledPlugin.Contract));

        var report = await checkup.CheckAsync("Entry.dll");

        Assert.That(
            report.Findings.Where(finding => finding.Severity == PluginHost.Doctor.FindingSeverity.Error), Is.Empty);
        Assert.That(report.DryRun!.Plugins, Has.Count.EqualTo(1));
    }
}
