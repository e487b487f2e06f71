using BenchmarkDotNet.Attributes;
using Chat.Engine;
using Chat.Engine.Diagnostics;
using Chat.Engine.Hooks;
using Chat.Engine.Isolation;
using Chat.Engine.Isolation.Profiling;
using Chat.Engine.Registrations;
using Chat.Engine.Rooms;
using Chat.Engine.Tracing;
using Chat.Hooks;
using Chat.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.Benchmarks.Micro;

/// <summary>
/// One line through hooks that do nothing, with all that is around them in a server: the watchdog, the breaker, the
/// figures for
/// <c>/hooks</c>, and the flight recorder for <c>/why</c>.
/// </summary>
public class PipelineBenchmarks : IDisposable
{
    private readonly MessageContext _message = Some.Message();
    private readonly ChatMetrics _metrics = new(server: null);
    private Watchdog? _watchdog;
    private HookPipeline _pipeline = HookPipeline.Empty;
    private Lease _lease = null!;
    private PipelineRun _run = null!;

    /// <summary>How many hooks.</summary>
    [Params(0, 1, 5)]
    public int Hooks { get; set; }

    /// <summary>Whether <c>/why</c> can explain the line.</summary>
    [Params(false, true)]
    public bool Recorded { get; set; }

    /// <summary>Whether each hook is a script's, whose callbacks do not overlap.</summary>
    [Params(false, true)]
    public bool Scripts { get; set; }

    [GlobalSetup]
    public void Bind()
    {
        var options = new ChatServerOptions();
        _watchdog = new Watchdog(options.Clock, options.HookWarnAfter, new CallProfiler(new ProcessResources()));
        var settings = options.ToSettings();
        var rooms = new RoomDirectory(new LogicalClock(), options.Clock, settings.Log);
        var table = new RegistrationTable(
            settings.Registrations, _metrics, rooms, _watchdog, options.Clock, NullLogger.Instance);
        for (var hook = 0; hook < Hooks; hook++)
        {
            var registration = new Registration($"hook{hook}", "hook.dll") { Concurrent = !Scripts };
            registration.Add((IMessageHook)new Nothing());
            _ = table.Swap(null, registration);
        }

        _pipeline = table.Enter().Pipeline;
        _lease = new Lease(new Nobody(), _watchdog, CancellationToken.None);
        _run = new PipelineRun(Recorded ? new FlightRecorder(options.TracedLines) : null, options.Clock);
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _lease?.Release();
        _watchdog?.Dispose();
        _metrics.Dispose();
        GC.SuppressFinalize(this);
    }

    [Benchmark]
    public bool Line()
    {
        _run.Begin(_message, _pipeline);
        var isDone = IsDone(_pipeline.RunAsync(_run, _lease));
        _run.Complete();
        _run.Clear();
        return isDone;
    }

    /// <summary>The same line past all stages: what they cost a line that nobody has a hook for is the
    /// difference.</summary>
    [Benchmark]
    public bool LinePastAllStages()
    {
        _run.Begin(_message, _pipeline);
        _run.Send();
        _run.Complete();
        _run.Clear();
        return _run.IsDone;
    }

    private static bool IsDone(ValueTask running) => running.IsCompletedSuccessfully;

    private sealed class Nothing : IMessageHook
    {
        public ValueTask<HookResult> OnMessageAsync(MessageContext message, CancellationToken cancellationToken) =>
            HookResult.Pass;
    }
}
