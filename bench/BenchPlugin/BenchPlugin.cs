using Chat.Hooks;
using Chat.Plugins;

namespace BenchPlugin;

/// <summary>
/// What the benchmarks load as a DLL. With a <c>version.txt</c> beside it, it stamps that version on every line; without one it
/// keeps a hook that a benchmark calls.
/// </summary>
public sealed class BenchPlugin : IChatPlugin
{
    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Path.GetDirectoryName(typeof(BenchPlugin).Assembly.Location)!, "version.txt");
        if (File.Exists(file))
        {
            var stamp = $" d{File.ReadAllText(file).Trim()}";
            context.OnMessage(message => HookResult.Rewrite(message.Text + stamp));
            return default;
        }

        Func<MessageContext, ValueTask<HookResult>> kept = message => message.Text.Length > 1000 ? HookResult.Reject("too long") : HookResult.Pass;
        AppDomain.CurrentDomain.SetData("Chat.Bench.Dll", kept);
        context.OnMessage(kept);
        return default;
    }
}
