using Chat.Commands;
using Chat.Hooks;
using Chat.Plugins;

namespace HelloPlugin;

/// <summary>
/// A plugin to copy: one hook, one command. Build it and drop HelloPlugin.dll into the plugin folder.
/// </summary>
public sealed class HelloPlugin : IChatPlugin
{
    /// <inheritdoc/>
    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        context.OnMessage(message => message.Text == "hello" ? HookResult.Rewrite("hello, world") : HookResult.Pass);
        context.Command("hello", "", "says hello to you", call => CommandResult.Reply($"Hello {call.Nick}!"));
        return default;
    }
}
