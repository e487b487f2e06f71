using BenchmarkDotNet.Attributes;
using Chat.Engine;
using Chat.Engine.Diagnostics;
using Chat.Engine.Isolation;
using Chat.Engine.Isolation.Profiling;
using Chat.Engine.Isolation.Targets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Benchmarks.Micro;

/// <summary>The watchdog's share of a line with five hooks: what the runner says around each call, and nothing
/// else.</summary>
public class WatchdogBenchmarks : IDisposable
{
    private const int Calls = 5;

    private readonly ChatMetrics _metrics = new(server: null);
    private Watchdog? _watchdog;
    private Lease _lease = null!;
    private CallTarget _callee = null!;
    private int _called;

    [GlobalSetup]
    public void Arm()
    {
        var options = new ChatServerOptions();
        var identity = new HookIdentity("Hook", "nothing", "nothing", "nothing.dll", 1);
        var telemetry = new HookTelemetry(identity, _metrics, NullLogger.Instance, options.Clock);
        _callee = new CallTarget(identity, options.HookTimeBudget, options.HookWarnAfter, telemetry, new CircuitBreaker(
            3, options.HookFaultWindow, options.Clock));
        _watchdog = new Watchdog(options.Clock, options.HookWarnAfter, new CallProfiler(new ProcessResources()));
        _lease = new Lease(new Nobody(), _watchdog, CancellationToken.None);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _lease?.Release();
        _watchdog?.Dispose();
        _metrics.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Five calls of a method that is not inlined.</summary>
    [Benchmark(Baseline = true)]
    public int Unwatched()
    {
        for (var call = 0; call < Calls; call++)
            Call();
        return _called;
    }

    /// <summary>The same five under the watchdog's eyes.</summary>
    [Benchmark]
    public int Watched()
    {
        _lease.Begin();
        for (var call = 0; call < Calls; call++)
        {
            _lease.Enter(_callee);
            Call();
            _lease.Exit();
        }

        return _called;
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private void Call() => _called++;
}
