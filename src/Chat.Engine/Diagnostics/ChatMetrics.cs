using System.Diagnostics.Metrics;

namespace Chat.Engine.Diagnostics;

/// <summary>The instruments of one server, on the meter <c>Chat</c>.</summary>
internal sealed class ChatMetrics : IDisposable
{
    private readonly Meter _meter;

    /// <summary>Creates the instruments.</summary>
    /// <param name="server">The server that owns them. It is the scope of the meter, which distinguishes several
    /// servers of one process.</param>
    public ChatMetrics(object? server)
    {
        _meter = new Meter(new MeterOptions("Chat") { Scope = server });
        Connections = _meter.CreateUpDownCounter<long>(
            "chat.connections", "{connection}", "Clients connected now.");
        LinesIn = _meter.CreateCounter<long>(
            "chat.lines.received", "{line}", "Lines received from clients.");
        LinesDelivered = _meter.CreateCounter<long>(
            "chat.lines.delivered", "{line}", "Lines handed to clients' connections, counted once per client.");
        LinesSkipped = _meter.CreateCounter<long>(
            "chat.lines.skipped", "{line}", "Lines that clients were too slow to get, counted once per client.");
        HookDuration = _meter.CreateHistogram<double>(
            "chat.hook.duration", "s", "How long a hook or guard took for one message, by hook.");
        HookFaults = _meter.CreateCounter<long>(
            "chat.hook.faults", "{fault}", "Failures of hooks, guards, observers and commands, by hook.");
    }

    public UpDownCounter<long> Connections { get; }
    public Counter<long> LinesIn { get; }
    public Counter<long> LinesDelivered { get; }
    public Counter<long> LinesSkipped { get; }
    public Histogram<double> HookDuration { get; }
    public Counter<long> HookFaults { get; }

    public void Dispose() => _meter.Dispose();
}
