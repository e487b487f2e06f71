using Chat.Commands;
using Chat.Plugins;

namespace Standard;

public sealed class StandardPlugin : IChatPlugin
{
    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        context.Command("standard", "", "answers", call => CommandResult.Reply("standard 2.0"));
        return default;
    }
}
