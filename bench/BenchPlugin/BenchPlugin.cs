using Chat.Hooks;
using Chat.Plugins;

namespace BenchPlugin;

/// <summary>
/// What the benchmarks load as a DLL. With a <c>version.txt</c> beside it, it stamps that version on every line;
/// without one it keeps a hook that a benchmark calls. Another hook hangs when a line asks for it.
/// </summary>
public sealed class BenchPlugin : IChatPlugin
{
    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        context.OnMessage(Stick, new HookOptions { Name = "stick", Order = 1 });
        var file = Path.Combine(Path.GetDirectoryName(typeof(BenchPlugin).Assembly.Location)!, "version.txt");
        if (File.Exists(file))
        {
            var stamp = $" d{File.ReadAllText(file).Trim()}";
            context.OnMessage(message => HookResult.Rewrite(message.Text + stamp));
            return default;
        }

        Func<MessageContext, ValueTask<HookResult>> kept = message =>
            message.Text.Length > 1000 ? HookResult.Reject("too long") : HookResult.Pass;
        AppDomain.CurrentDomain.SetData("Chat.Benchmarks.Dll", kept);
        context.OnMessage(kept);
        return default;
    }

    /// <summary>Does not come back from a line that asks for it: it computes until the benchmark lets it go, or waits
    /// for what never comes.</summary>
    private static ValueTask<HookResult> Stick(MessageContext message)
    {
        if (message.Text.Contains(" stick wait ", StringComparison.Ordinal))
        {
            using var never = new ManualResetEventSlim();
            never.Wait();
        }
        else if (message.Text.Contains(" stick loop ", StringComparison.Ordinal))
        {
            while (AppDomain.CurrentDomain.GetData("Chat.Benchmarks.Stuck") is not null)
                Thread.SpinWait(100);
        }

        return HookResult.Pass;
    }
}
