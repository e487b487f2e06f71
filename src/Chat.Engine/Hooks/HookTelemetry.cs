using Chat.Engine.Telemetry;
using Chat.Hooks;
using Microsoft.Extensions.Logging;

namespace Chat.Engine.Hooks;

/// <summary>Times one hook and reports its faults: each is counted, one a minute is logged, with how many came in between.</summary>
internal sealed class HookTelemetry(HookIdentity identity, ChatMetrics metrics, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan _quiet = TimeSpan.FromMinutes(1);

    private readonly KeyValuePair<string, object?> _tag = new("hook", identity.Id);
    private readonly object _lock = new();
    private long _faults, _unlogged;
    private long? _loggedAt;

    /// <summary>How often the hook has failed.</summary>
    public long Faults => Volatile.Read(ref _faults);

    /// <summary>The last failure in one line, with where it came from; <see langword="null"/> when there was none.</summary>
    public string? LastFault { get; private set; }

    /// <returns>A time stamp for <see cref="Stop"/>; 0 when nobody measures.</returns>
    public long Start() => metrics.HookDuration.Enabled ? time.GetTimestamp() : 0;

    public void Stop(long started)
    {
        if (started != 0)
            metrics.HookDuration.Record(time.GetElapsedTime(started).TotalSeconds, _tag);
    }

    public void Fault(Exception exception, FailurePolicy policy)
    {
        metrics.HookFaults.Add(1, _tag);
        long unlogged;
        var fault = ExceptionText.Describe(exception);
        lock (_lock)
        {
            _faults++;
            LastFault = fault;
            if (_loggedAt is { } last && time.GetElapsedTime(last) < _quiet)
            {
                _unlogged++;
                return;
            }

            unlogged = _unlogged;
            _unlogged = 0;
            _loggedAt = time.GetTimestamp();
        }

        var consequence = identity.Kind is "Hook" or "Guard" ? $" Policy: {policy}." : "";
        var more = unlogged > 0 ? $" Not logged since the last time: {unlogged}." : "";
        EngineLog.HookFailed(logger, identity.Kind, identity.Id, identity.Source, fault.TrimEnd('.'), consequence, more);
    }
}
