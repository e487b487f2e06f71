using Chat.Commands;
using Chat.Plugins;
using Newtonsoft.Json;

namespace UsesJson;

/// <summary>Shows a type of its own to a library that asks the framework to describe it, which the framework never
/// forgets.</summary>
public sealed class UsesJsonPlugin : IChatPlugin
{
    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        context.Command("json", "", "there and back", _ =>
        {
            var text = JsonConvert.SerializeObject(new Place { Name = "tea room", Seats = 7 });
            return CommandResult.Reply($"{text} {JsonConvert.DeserializeObject<Place>(text)!.Seats}");
        });
        return default;
    }

    public sealed class Place
    {
        public string Name { get; set; } = "";

        public int Seats { get; set; }
    }
}
