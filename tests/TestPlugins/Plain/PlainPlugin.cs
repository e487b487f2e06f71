using Chat.Commands;
using Chat.Hooks;
using Chat.Plugins;

namespace Plain;

/// <summary>One of everything that can be registered, and nothing else.</summary>
public sealed class PlainPlugin : IChatPlugin, IAsyncDisposable
{
    private IPluginContext? _context;

    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        _context = context;
        context.OnMessage(message => message.Text == "plain?" ? HookResult.Rewrite("plain!") : HookResult.Pass);
        context.OnSending(message => message.Text == "unplain" ? Verdict.Deny("Be plain.") : Verdict.Allow);
        context.OnOutcome(outcome => default);
        context.OnEvent(happened => default);
        context.Command("where", "", "says where the plugin is", call => CommandResult.Reply($"at {Location}"));
        context.Command("data", "", "reads the file beside the plugin", call =>
            CommandResult.Reply(File.ReadAllText(Path.Combine(Path.GetDirectoryName(Location)!, "data.txt")).Trim()));
        context.Every(TimeSpan.FromHours(1), () => default);
        return default;
    }

    public ValueTask DisposeAsync()
    {
        _context?.Log.Info("Plain has been disposed.");
        return default;
    }

    private static string Location => typeof(PlainPlugin).Assembly.Location;
}
