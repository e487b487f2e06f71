namespace Chat.Engine.Isolation.Targets;

/// <summary>Disables a hook if it fails too often within a period, or while one of its calls is stuck. Safe from any
/// thread.</summary>
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

    /// <summary>Called after each change that may affect <see cref="IsOpen"/>; may be <see langword="null"/>. Set
    /// before the hook is first called.</summary>
    public Action? Changed { get; set; }

    /// <summary>The number of calls that are stuck now.</summary>
    public int Stuck => Volatile.Read(ref _stuck);

    /// <summary>When the hook was last disabled.</summary>
    public DateTimeOffset Since { get; private set; }

    /// <summary>Counts one fault.</summary>
    /// <param name="atOnce">Whether a single fault disables the hook.</param>
    /// <returns>Whether this fault disabled the hook, which was enabled until then.</returns>
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

    /// <summary>Counts a stuck call. The hook stays disabled until the call returns.</summary>
    public void EnterStuck()
    {
        lock (_lock)
        {
            _stuck++;
            Update();
        }

        Changed?.Invoke();
    }

    /// <summary>Records the return of a stuck call.</summary>
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

    /// <summary>Enables the hook again, regardless of past faults and of calls that are still stuck.</summary>
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
