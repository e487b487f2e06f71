using System.Diagnostics;

namespace Chat.PluginHost.Tests.Watching;

[CancelAfter(60000)]
[Platform("Linux")]
public sealed class BadEntryTests
{
    private const string Say = """OnMessage(m => Rewrite("said"));""";

    [TestCase(
        "printf x > $'caf\\xe9.csx'", "caf\uFFFD.csx: its name is not valid UTF-8, so it cannot be opened. Rename it.")]
    [TestCase(
        "printf x > $'caf\\xe9.dll'", "caf\uFFFD.dll: its name is not valid UTF-8, so it cannot be opened. Rename it.")]
    [TestCase("mkdir $'caf\\xe9'", "caf\uFFFD: its name is not valid UTF-8, so it cannot be opened. Rename it.")]
    public async Task F5_a_name_that_is_not_UTF8_stops_nothing_but_itself(
        string make, string problem, CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        await RunAsync(chat.Drop(), make, cancellationToken);
        File.WriteAllText(chat.Drop("say.csx"), Say);

        await chat.StartAsync();

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> said"));
        Assert.That(chat.Server.Problems, Is.EqualTo(new[] { problem }));
        File.Delete(chat.Drop("say.csx"));
        await chat.RescanAsync();
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"));
        await RunAsync(chat.Drop(), "rm -rf *", cancellationToken);
    }

    [Test]
    public async Task F5_names_that_are_not_UTF8_inside_a_plugins_folder_stop_nothing(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin("BareHook"), chat.Drop("BareHook"));
        await RunAsync(chat.Drop("BareHook"), "mkdir $'d\\xe9' && printf x > $'f\\xe9.txt'", cancellationToken);

        await chat.StartAsync();

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> X"));
        await RunAsync(chat.Drop(), "rm -rf *", cancellationToken);
    }

    private static async Task RunAsync(string folder, string command, CancellationToken cancellationToken)
    {
        using var shell = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { WorkingDirectory = folder })!;
        await shell.WaitForExitAsync(cancellationToken);
        Assert.That(shell.ExitCode, Is.Zero);
    }
}
