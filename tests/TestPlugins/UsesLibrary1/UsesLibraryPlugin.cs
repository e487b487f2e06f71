using Chat.Commands;
using Chat.Plugins;
using Shared.Library;

namespace UsesLibrary1;

public sealed class UsesLibraryPlugin : IChatPlugin
{
    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        context.Command("library1", "", "says what the library says", call =>
            CommandResult.Reply($"library {Greeting.Text} {typeof(Greeting).Assembly.GetName().Version}"));
        return default;
    }
}
