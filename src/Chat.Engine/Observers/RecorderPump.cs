namespace Chat.Engine.Observers;

/// <summary>Passes everything that happens to one recorder, in batches, and repeats what the recorder failed to
/// record.</summary>
internal sealed class RecorderPump(IEventRecorder recorder, Feed feed, TimeProvider clock, ILogger logger)
{
    private const int MostEventsAtOnce = 256;

    private static readonly TimeSpan _timeToRetry = TimeSpan.FromSeconds(1);

    private readonly AsyncAutoResetEvent _signal = new();
    private readonly CancellationTokenSource _aborting = new();
    private readonly LogThrottle _failures = new(clock);
    private readonly List<RoomEvent> _batch = [];
    private readonly List<AsyncCountdownEvent> _asked = [];
    private volatile bool _isStopping;
    private Task? _running;
    private long _taken;

    private string Name => recorder.GetType().Name;

    /// <summary>Starts recording with the next event.</summary>
    public void Start()
    {
        var follower = feed.Record(_signal);
        _running = Task.Run(() => RunAsync(follower));
    }

    /// <summary>Stops once everything has been recorded, or the time is up.</summary>
    /// <param name="timeUp">Completes when the server waits no longer.</param>
    public async Task StopAsync(Task timeUp)
    {
        _isStopping = true;
        _signal.Wake();
        if (_running is null)
            return;
        await Task.WhenAny(_running, timeUp).ConfigureAwait(false);
        if (!_running.IsCompleted)
        {
            await _aborting.CancelOnPoolAsync(exception => EngineLog.RecorderFailed(logger, exception, Name))
                .ConfigureAwait(false);
        }
    }

    private async Task RunAsync(Follower follower)
    {
        while (true)
        {
            var isLast = _isStopping;
            while (!_aborting.IsCancellationRequested && Take(follower))
                await RecordAsync(follower).ConfigureAwait(false);
            if (isLast || _aborting.IsCancellationRequested)
                break;
            await _signal.WaitAsync().ConfigureAwait(false);
        }

        _batch.Clear();
        var lost = 0;
        for (; Take(follower); Done(follower))
            lost += _batch.Count;
        if (lost > 0)
            EngineLog.RecorderLeftBehind(logger, Name, lost);
        feed.Unfollow(follower);
    }

    /// <summary>Takes the next events without moving the cursor past them.</summary>
    /// <returns>Whether there are any.</returns>
    private bool Take(Follower follower)
    {
        var sequence = follower.Cursor;
        while (_batch.Count < MostEventsAtOnce && feed.Log.TryRead(sequence, out var entry) && entry is not null)
        {
            if (entry.Event is ObserversAsked asked)
                _asked.Add(asked.Answers);
            else if (entry.Event is RoomEvent happened and not OutcomeRecorded)
                _batch.Add(happened);
            sequence++;
        }

        _taken = sequence;
        return sequence > follower.Cursor;
    }

    private async Task RecordAsync(Follower follower)
    {
        while (_batch.Count > 0)
        {
            try
            {
                await recorder.RecordAsync(_batch, _aborting.Token).ConfigureAwait(false);
                break;
            }
            catch (Exception exception)
            {
                if (_aborting.IsCancellationRequested)
                    return;
                if (_failures.Next() == 1)
                    EngineLog.RecorderFailed(logger, exception, Name);
                await clock.After(_timeToRetry, _aborting.Token).ConfigureAwait(false);
            }
        }

        Done(follower);
    }

    /// <summary>Moves the cursor past the events taken.</summary>
    private void Done(Follower follower)
    {
        _batch.Clear();
        _asked.ForEach(static answers => answers.Answer());
        _asked.Clear();
        follower.Cursor = _taken;
        feed.Recorded();
    }
}
