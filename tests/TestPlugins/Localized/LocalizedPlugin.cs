using System.Globalization;
using System.Resources;
using Chat.Commands;
using Chat.Plugins;

namespace Localized;

public sealed class LocalizedPlugin : IChatPlugin
{
    private readonly ResourceManager _texts = new("Localized.Texts", typeof(LocalizedPlugin).Assembly);

    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        context.Command("greet", "LANGUAGE", "says hello", call =>
            CommandResult.Reply(_texts.GetString("Hello", CultureInfo.GetCultureInfo(call.Arguments)) ?? "nothing"));
        return default;
    }
}
