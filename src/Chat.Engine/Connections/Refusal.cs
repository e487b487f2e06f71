using System.Text;

namespace Chat.Engine.Connections;

/// <summary>Why a client is not served, and what it is told before its connection is closed.</summary>
internal sealed class Refusal
{
    /// <summary>The client sent an HTTP request: a browser, or a web page that tries to reach the chat through
    /// one.</summary>
    public static readonly Refusal Http = new(
        "the client speaks HTTP",
        "This is a chat server, not a web server. Connect with telnet or nc.",
        sentence => Encoding.ASCII.GetBytes(
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n" +
            FormattableString.Invariant($"Content-Length: {sentence.Length + 2}\r\n\r\n{sentence}\r\n")));

    /// <summary>The client began a TLS handshake. It is answered with a fatal alert, <c>handshake_failure</c> (RFC
    /// 8446, 6.2).</summary>
    public static readonly Refusal Tls = new(
        "the client speaks TLS", "This port is not encrypted. Connect without TLS.",
        _ => [0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28]);

    /// <summary>A proxy announced its client with the PROXY protocol, version 1 or 2.</summary>
    public static readonly Refusal Proxy = new(
        "the client speaks the PROXY protocol",
        "This server does not understand the PROXY protocol. Turn it off in the load balancer.");

    /// <summary>The client is an SSH client.</summary>
    public static readonly Refusal Ssh = new(
        "the client speaks SSH", "This is a chat server, not an SSH server. Connect with telnet or nc.");

    /// <summary>The client sent a STUN message: a browser that takes the chat for a TURN server. STUN has no words for
    /// it.</summary>
    public static readonly Refusal Stun = new(
        "the client speaks STUN", "This is a chat server, not a TURN server.", _ => []);

    /// <summary>The client's text is UTF-16.</summary>
    public static readonly Refusal Utf16 = new(
        "the client sends UTF-16",
        "Your client sends UTF-16, but this server reads UTF-8. Set your client's encoding to UTF-8.");

    /// <summary>There are as many connections as there may be.</summary>
    public static readonly Refusal Full = new("the server is full", "The server is full. Please try again later.");

    /// <summary>The client sent more without the end of a line than any line may have.</summary>
    public static readonly Refusal Endless = new(
        "sent no end of a line", "You have sent too much without ending the line and have been disconnected.");

    private readonly byte[] _answer;

    private Refusal(string reason, string sentence, Func<string, byte[]>? encode = null)
    {
        Reason = reason;
        Sentence = sentence;
        _answer = encode is null ? Encoding.ASCII.GetBytes($"{sentence}\r\n") : encode(sentence);
    }

    /// <summary>The reason, for the log and for other people: a clause without a full stop.</summary>
    public string Reason { get; }

    /// <summary>What a person in front of the client can do about it.</summary>
    public string Sentence { get; }

    /// <summary>Sends the answer, in the client's own protocol, and leaves the connection open. Never fails.</summary>
    /// <param name="connection">The connection; nothing else is being sent on it. Aborted if it does not take the
    /// answer in time.</param>
    /// <param name="patience">How long sending may take.</param>
    /// <param name="clock">The clock for it.</param>
    public async Task AnswerAsync(IClientConnection connection, TimeSpan patience, TimeProvider clock)
    {
        ReadOnlyMemory<byte> rest = _answer;
        var deadline = clock.CreateTimer(
            static state => ((IClientConnection)state!).Abort(), connection, patience, Timeout.InfiniteTimeSpan);
        try
        {
            while (!rest.IsEmpty)
                rest = rest[await connection.SendAsync(rest, CancellationToken.None).ConfigureAwait(false)..];
        }
        catch (Exception)
        {
            // The client has gone, or its transport has failed: there is nobody left to tell.
        }

        await deadline.DisposeAsync().ConfigureAwait(false);
    }
}
