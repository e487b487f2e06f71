using System.Runtime.InteropServices;

namespace Chat.Server.Tests;

/// <summary>Installs the server as docs/guides/operating/install.md says, from a fresh copy of the
/// repository.</summary>
[Platform("Linux")]
[CancelAfter(900_000)]
[Parallelizable(ParallelScope.Self)]
internal sealed class InstallationTests
{
    [Test]
    public async Task The_server_that_is_published_has_all_its_plugins(CancellationToken cancellationToken)
    {
        using var copy = await RepositoryCopy.MakeAsync(cancellationToken);
        var installed = Path.Combine(copy.FullPath, "artifacts", "opt");
        var publish = File.ReadLines(Path.Combine(Repository.Root, "docs", "guides", "operating", "install.md")).Single(
            line => line.StartsWith("dotnet publish ", StringComparison.Ordinal))
            .Replace("/opt/chat", installed, StringComparison.Ordinal).Replace(
                "linux-x64", RuntimeInformation.RuntimeIdentifier, StringComparison.Ordinal);

        await copy.RunAsync(publish, cancellationToken);
        var trace = await copy.RunAsync(
            $"{installed}/chat-server hooks trace 'that is darn fine :wave:' --data artifacts/data || true",
            cancellationToken);

        Assert.That(trace, Does.Contain("emoji").IgnoreCase.And.Contain("wordguard").IgnoreCase);
        Assert.That(Names(Path.Combine(installed, "plugins")), Is.EquivalentTo(Names(Repository.BundledPlugins)));
    }

    private static IEnumerable<string?> Names(string folder) =>
        Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName);
}
