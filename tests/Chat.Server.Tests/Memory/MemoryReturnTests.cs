using Chat.Server.Configuration;
using Chat.Server.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Chat.Server.Tests.Memory;

public sealed class MemoryReturnTests
{
    [Test]
    public async Task The_server_looks_for_the_end_of_bursts()
    {
        using var folder = new TemporaryFolder();
        var host = ServerProgram.Compose(SettingsReader.Read(new ServerArguments([], folder.FullPath, null, NoBundledPlugins: true, null, [])));
        await using var disposal = (IAsyncDisposable)host;

        Assert.That(host.Services.GetServices<IHostedService>().OfType<MemoryReturn>(), Is.Not.Empty);
    }
}
