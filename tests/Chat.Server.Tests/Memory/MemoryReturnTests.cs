using Chat.Server.Configuration;
using Chat.Server.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Server.Tests.Memory;

public sealed class MemoryReturnTests
{
    [Test]
    public async Task The_server_looks_for_the_end_of_bursts()
    {
        using var folder = new TemporaryFolder();
        var arguments = new ServerArguments([], null, [$"Data={folder.FullPath}", "Plugins:Bundled=false"]);
        var settings = SettingsReader.Read(arguments);
        var host = ServerProgram.Compose(settings, OperatorKey.Of(settings));
        await using var disposal = (IAsyncDisposable)host;

        Assert.That(host.Services.GetServices<IHostedService>().OfType<MemoryReturn>(), Is.Not.Empty);
    }

    [Test]
    [CancelAfter(10_000)]
    public async Task Memory_is_given_back_when_a_burst_is_over_and_not_before(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        var looks = new SemaphoreSlim(0);
        var allocated = 0L;
        var collected = new List<long>();
        using var memory = new MemoryReturn(clock)
        {
            Allocated = () =>
            {
                looks.Release();
                return allocated;
            },
            Collect = () => collected.Add(allocated),
        };
        await memory.StartAsync(cancellationToken);
        await looks.WaitAsync(cancellationToken);

        const long Quiet = MemoryReturn.Much + MemoryReturn.Little;
        foreach (var total in new[] { MemoryReturn.Much, Quiet, Quiet + 1, Quiet + 2 })
        {
            allocated = total;
            clock.Advance(MemoryReturn.Interval);
            await looks.WaitAsync(cancellationToken);
        }

        await memory.StopAsync(cancellationToken);
        Assert.That(collected, Is.EqualTo(new[] { MemoryReturn.Much + MemoryReturn.Little + 1 }));
    }
}
