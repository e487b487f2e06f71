using Chat.Commands;
using Chat.Plugins;
using Shared.Library;

namespace AppPlugin;

/// <summary>A plugin that lives in a program.</summary>
public sealed class AppPlugin : IChatPlugin
{
    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        context.Command("app", "", "answers", call => CommandResult.Reply($"an app, and library {Greeting.Text}"));
        return default;
    }
}
