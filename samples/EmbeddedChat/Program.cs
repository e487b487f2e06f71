using Chat.Engine;
using Chat.Events;
using Chat.Hooks;
using Chat.Transport.Tcp;

await using var chat = ChatServer.Create(options => options
    .ListenTcp(args.Length > 0 ? int.Parse(args[0]) : 4000)
    .AddHook("shout", m => m.Text.EndsWith('!') ? HookResult.Rewrite(m.Text.ToUpperInvariant()) : HookResult.Pass));
await chat.StartAsync();
Console.WriteLine($"Listening on {chat.EndPoints[0]}");

Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    _ = chat.StopAsync();
};

var lobby = chat.Room("lobby");
var events = lobby.ReadAsync();
await lobby.SayAsync("host", "hello from the application");
await foreach (var happened in events)
{
    var line = happened switch
    {
        Said { Kind: MessageKind.Emote } emoted => $"* {emoted.Nick} {emoted.Text}",
        Said said => $"<{said.Nick}> {said.Text}",
        Announced announced => $"*** {announced.Text}",
        _ => null,
    };
    if (line is not null)
        Console.WriteLine(line);
}
