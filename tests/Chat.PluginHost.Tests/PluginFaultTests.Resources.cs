using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests;

// What plugins take of the process they run in. What ends it (F64, F65) is tried on a real server, in
// Chat.Server.Tests.
public sealed partial class PluginFaultTests
{
    [Test]
    public async Task F63_a_hook_that_keeps_a_megabyte_of_each_message_goes_out_of_use_and_its_memory_with_its_plugin(
        CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = await StartAlarmedAsync(clock, cancellationToken);
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting(
            "Foo",
            """context.OnMessage(m => { _kept.Add(new byte[1 << 20]); return Rewrite("from Foo"); });""",
            "System.Collections.Generic.List<byte[]> _kept = new();"));

        while (!Said(chat, "is disabled"))
        {
            await chat.TypeAsync("x");
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(chat.Log.Lines.All, Has.One.Match(
            @"Error: Hook Foo \(Foo\.dll\) is disabled: .*it keeps memory: \d+ calls allocated [\d.]+ MB, "
            + @"while the heap grew by [\d.]+ MB to [\d.]+ MB"));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"));
        File.Delete(chat.Drop("Foo.dll"));
        await chat.RescanAsync();
        await PassUntilAsync(clock, () => chat.Plugins.Retired.Count == 0, cancellationToken);
        Assert.That(chat.Log.Lines.All, Has.None.Contains("still in memory"));
    }

    [Test]
    public async Task F66_a_hook_that_starts_threads_without_end_goes_out_of_use(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = await StartAlarmedAsync(clock, cancellationToken);
        using var end = new ManualResetEventSlim();
        using var shared = Shared.Put("F66", end);
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting("Foo", """
            context.OnMessage(m =>
            {
                var end = (ManualResetEventSlim)AppDomain.CurrentDomain.GetData("F66");
                for (var count = 0; count < 100; count++)
                    new Thread(() => end.Wait(), 128 * 1024).Start();
                return Rewrite("from Foo");
            });
            """));

        while (!Said(chat, "is disabled"))
        {
            await chat.TypeAsync("x");
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        end.Set();
        Assert.That(chat.Log.Lines.All, Has.One.Match(
            @"Error: Hook Foo \(Foo\.dll\) is disabled: it starts threads that do not end: \d+ in \d calls"));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"));
    }

    private static async Task<PluginChat> StartAlarmedAsync(FakeTimeProvider clock, CancellationToken cancellationToken)
    {
        var chat = new PluginChat(cancellationToken) { ServerClock = clock };
        chat.Options.Clock = clock;
        chat.Configure = options => (options.MemoryAlarm, options.ThreadAlarm) = (16 * 1024 * 1024, 16);
        return await chat.StartAsync();
    }
}
