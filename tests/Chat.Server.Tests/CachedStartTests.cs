namespace Chat.Server.Tests;

/// <summary>A script that has been compiled once is not compiled again by the next start.</summary>
[CancelAfter(120_000)]
[Platform("Linux", Reason = "What a process has loaded is read from /proc.")]
internal sealed class CachedStartTests
{
    private const string Compiler = "Microsoft.CodeAnalysis";

    [Test]
    public async Task A_start_with_compiled_scripts_does_not_load_the_compiler(CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("plugins/_words.csx", "string Word() => \"cached\";");
        data.Save("plugins/say.csx", "#load \"_words.csx\"\nOnMessage(m => Rewrite(Word()));");
        await using (var first = await ServerProcess.StartAsync(cancellationToken, "--data", data.FullPath))
            Assert.That(Loaded(first), Does.Contain(Compiler), "the first start compiles");

        await using var second = await ServerProcess.StartAsync(cancellationToken, "--data", data.FullPath);
        using var ann = await LineClient.ConnectAsync(second.EndPoint, "ann", cancellationToken);
        await ann.SendAsync("x");

        await ann.SeesAsync("<ann> cached");
        Assert.That(Loaded(second), Does.Not.Contain(Compiler));
        Assert.That(Directory.EnumerateFiles(data.File("cache/scripts")), Is.Not.Empty);
    }

    private static string Loaded(ServerProcess server) => File.ReadAllText($"/proc/{server.ProcessId}/maps");
}
