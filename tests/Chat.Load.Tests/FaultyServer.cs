using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Chat.Load.Tests;

/// <summary>
/// Sends each line to everyone in the room, and does one thing wrong with the tenth line of the first sender. It
/// understands what the load tool says: plain lines with <c>/join</c>, and of IRC and NATS what is needed.
/// </summary>
internal sealed class FaultyServer : IAsyncDisposable
{
    private const string FaultyLine = "~0.10.", NextLine = "~0.11.";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SemaphoreSlim _work = new(1);
    private readonly List<Member> _members = [];
    private readonly List<Task> _reading = [];
    private readonly Fault _fault;
    private readonly Task _accepting;
    private byte[]? _held;

    public FaultyServer(Fault fault)
    {
        _fault = fault;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        HangUp();
        await Task.WhenAll(_reading);
        _work.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var member = new Member(await _listener.AcceptSocketAsync());
                member.Socket.NoDelay = true;
                _reading.Add(ServeAsync(member));
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is stopped.
        }
    }

    private async Task ServeAsync(Member member)
    {
        await Task.Yield();
        try
        {
            using var reader = new StreamReader(new NetworkStream(member.Socket));
            await InTurnAsync(() => { _members.Add(member); return Task.CompletedTask; });
            while (await reader.ReadLineAsync() is { } line)
                await InTurnAsync(() => UnderstandAsync(member, line));
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            // The client is gone.
        }
    }

    private async Task InTurnAsync(Func<Task> action)
    {
        await _work.WaitAsync();
        try
        {
            await action();
        }
        finally
        {
            _work.Release();
        }
    }

    private Task UnderstandAsync(Member member, string line)
    {
        switch (line.Split(' '))
        {
            case ["/join", var room]:
                member.Room = room;
                return Task.CompletedTask;
            case ["NICK", _]:
                return SendAsync(member, ":here 001 you :welcome");
            case ["JOIN", var channel]:
                member.Room = channel;
                return SendAsync(member, $":here 366 you {channel} :that is all");
            case ["SUB", var subject, _]:
                member.Room = subject;
                return Task.CompletedTask;
            case ["PING"]:
                return SendAsync(member, "PONG");
            case ["PRIVMSG", _, _]:
                return SpeakAsync(member, $":someone {line}", echo: false);
            case ["USER" or "CONNECT" or "PUB", ..]:
                return Task.CompletedTask;
            default:
                return SpeakAsync(member, line, echo: true);
        }
    }

    private async Task SpeakAsync(Member speaker, string line, bool echo)
    {
        var victim = _members.Find(member => member.Room == speaker.Room && member != speaker);
        var isFaulty = _fault != Fault.None && line.Contains(FaultyLine, StringComparison.Ordinal);
        foreach (var member in _members.Where(member => member.Room == speaker.Room && (echo || member != speaker))
            .ToList())
        {
            if (isFaulty && member == victim)
                await FailAsync(member, line);
            else
                await SendAsync(member, line);
        }

        if (_held is { } held && line.Contains(NextLine, StringComparison.Ordinal))
            await victim!.Socket.SendAsync(held);
    }

    private async Task FailAsync(Member victim, string line)
    {
        switch (_fault)
        {
            case Fault.Repeat:
                await SendAsync(victim, line);
                await SendAsync(victim, line);
                break;
            case Fault.Swap:
                _held = Encoding.UTF8.GetBytes(line + "\r\n");
                break;
            case Fault.Misroute:
                await SendAsync(victim, line);
                await SendAsync(_members.Find(member => member.Room != victim.Room)!, line);
                break;
            case Fault.Invent:
                await SendAsync(victim, line);
                await SendAsync(victim, "~0.1000000.1~");
                break;
            case Fault.HangUp:
                HangUp();
                break;
        }
    }

    private void HangUp() => _members.ForEach(member => member.Socket.Dispose());

    private static Task SendAsync(Member member, string line) =>
        member.Socket.SendAsync(Encoding.UTF8.GetBytes(line + "\r\n"));

    private sealed class Member(Socket socket)
    {
        public Socket Socket { get; } = socket;

        public string Room { get; set; } = "";
    }
}
