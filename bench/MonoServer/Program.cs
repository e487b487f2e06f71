using System.Globalization;
using Chat.Engine;
using Chat.Transport.Tcp;

namespace MonoServer;

/// <summary>The engine as .NET Standard 2.0 has it, for Mono and .NET Framework: a chat on the port that is
/// given.</summary>
internal static class Program
{
    private static async Task Main(string[] arguments)
    {
        var port = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 8888;
        await using var chat = ChatServer.Create(options => options.ListenTcp(port));
        await chat.StartAsync();
        Console.WriteLine($"Listening on {chat.EndPoints[0]}");
        await Task.Delay(Timeout.Infinite);
    }
}
