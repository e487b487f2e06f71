using Chat.Plugins;
using Microsoft.CodeAnalysis;

namespace Chat.PluginHost.Tests.Doctor;

[CancelAfter(60000)]
public sealed class ContractCheckTests
{
    private static readonly string _host = typeof(IChatPlugin).Assembly.GetName().Version!.ToString(3);

    [Test]
    public async Task A_stray_copy_of_the_contract_is_a_warning_and_the_plugin_works(
        CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).WriteTestPlugin("BareHook");
        File.Copy(typeof(IChatPlugin).Assembly.Location, checkup.Drop("BareHook", "Chat.Abstractions.dll"));

        var report = await checkup.CheckAsync("BareHook");

        var finding = report.Findings.Single();
        Assert.That($"{finding.Severity} {finding.Where}: {finding.Problem}", Is.EqualTo(
            "Warning Chat.Abstractions.dll: this copy of the contract is ignored: the contract is always the host's."));
        Assert.That(finding.Fix, Does.Contain("ExcludeAssets=\"runtime\""));
        Assert.That(report.DryRun!.Sent, Is.EqualTo(["HELLO, WORLD!"]));
    }

    [Test]
    public async Task A_plugin_for_another_version_is_an_error_that_names_both(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("Newer.dll", ForVersion("99.1.2.0"));

        var found = await checkup.FindAsync("Newer.dll");

        Assert.That(found, Is.EqualTo([
            $"Error Newer.dll: it was built for Chat.Abstractions 99.1.2, but this host has {_host}. | Build it "
                + "against that version, or update the host."]));
    }

    [Test]
    public async Task A_library_that_does_not_know_the_contract_is_no_plugin(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write(
            "Library.dll", CompiledPlugin.Compile("Library", "public class Nothing { }"));

        var found = await checkup.FindAsync("Library.dll");

        Assert.That(found, Is.EqualTo([
            "Error Library.dll: there is no plugin in it: it does not refer to Chat.Abstractions. | If another plugin "
                + "needs it, put both into a folder named after that plugin."]));
    }

    private static byte[] ForVersion(string version)
    {
        var contract = CompiledPlugin.Compile("Chat.Abstractions", $$"""
            [assembly: System.Reflection.AssemblyVersion("{{version}}")]
            namespace Chat.Plugins { public interface IChatPlugin { } }
            """);
        return CompiledPlugin.Compile(
            "Newer", "public class ThePlugin : Chat.Plugins.IChatPlugin { }", MetadataReference.CreateFromImage(
                contract));
    }
}
