namespace Chat.Engine.Isolation.Targets;

/// <summary>
/// Disables a hook when it fails too often within a while, or when a call of it is stuck. Safe from any thread.
/// </summary>
internal sealed class CircuitBreaker(int limit, TimeSpan window, TimeProvider clock)
{
    private readonly object _lock = new();
    private readonly Queue<long> _faults = new();
    private volatile bool _isOpen;
    private bool _tripped;
    private int _stuck;
    private int _forgiven;

    /// <summary>Whether the hook is disabled.</summary>
    public bool IsOpen => _isOpen;

    /// <summary>Called after each change, when <see cref="IsOpen"/> may be another; <see langword="null"/> when nobody cares. Set before the hook is called.</summary>
    public Action? Changed { get; set; }

    /// <summary>How many calls are stuck now.</summary>
    public int Stuck => Volatile.Read(ref _stuck);

    /// <summary>Since when it is disabled.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>Counts one fault.</summary>
    /// <param name="atOnce">Whether a single one is enough.</param>
    /// <returns>Whether the hook is disabled with it, and was in use before.</returns>
    public bool Fault(bool atOnce)
    {
        bool isNew;
        lock (_lock)
        {
            _faults.Enqueue(clock.GetTimestamp());
            while (_faults.Count > 0 && clock.GetElapsedTime(_faults.Peek()) > window)
                _faults.Dequeue();
            if (_tripped || (!atOnce && _faults.Count < limit))
                return false;
            _tripped = true;
            isNew = Update();
        }

        Changed?.Invoke();
        return isNew;
    }

    /// <summary>A call does not come back: disabled as long as that is so.</summary>
    public void EnterStuck()
    {
        lock (_lock)
        {
            _stuck++;
            Update();
        }

        Changed?.Invoke();
    }

    /// <summary>A stuck call has come back after all.</summary>
    public void ExitStuck()
    {
        lock (_lock)
        {
            _stuck--;
            _forgiven = Math.Min(_forgiven, _stuck);
            Update();
        }

        Changed?.Invoke();
    }

    /// <summary>Enables the hook again, whatever was.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            _faults.Clear();
            _tripped = false;
            _forgiven = _stuck;
            _isOpen = false;
        }

        Changed?.Invoke();
    }

    private bool Update()
    {
        var wasOpen = _isOpen;
        _isOpen = _tripped || _stuck > _forgiven;
        if (_isOpen && !wasOpen)
            Since = clock.GetUtcNow();
        return _isOpen && !wasOpen;
    }
}
