using System.Text;

namespace Chat.Load.Wire;

/// <summary>The protocols that are spoken.</summary>
internal enum WireKind
{
    /// <summary>Plain lines over TCP.</summary>
    Line,
    Irc,
    Nats,

    /// <summary>A SignalR hub with JSON, over WebSocket.</summary>
    SignalR,
}

internal static class WireKinds
{
    /// <summary>As it is given, and shown.</summary>
    public static string Name(this WireKind kind) => Enum.GetName(kind)!.ToLowerInvariant();

    /// <summary>Whether servers of this kind send a line to its sender too.</summary>
    public static bool Echoes(this WireKind kind) => kind != WireKind.Irc;

    public static IWire Create(LoadOptions options) => options.Proto switch
    {
        WireKind.Line => new LineWire(options.NickCommand, options.JoinCommand),
        WireKind.Irc => new IrcWire(),
        WireKind.Nats => new NatsWire(),
        WireKind.SignalR => new SignalRWire(options),
        _ => throw new ArgumentOutOfRangeException(nameof(options)),
    };

    /// <summary>What a server has said, fit to be shown.</summary>
    public static string Shown(ReadOnlySpan<byte> line) =>
        Encoding.Latin1.GetString(line[..Math.Min(line.Length, 200)]).TrimEnd('\r');
}
