namespace Chat.Scenes.Clients;

/// <summary>A bounded pipe of bytes. Writing to a full pipe waits for the reader. One reader and one writer.</summary>
internal sealed class MemoryPipe(int capacity)
{
    private readonly Lock _lock = new();
    private readonly byte[] _bytes = new byte[capacity];
    private TaskCompletionSource _changed = NewSignal();
    private int _start, _count;
    private bool _ended;
    private string? _broken;

    /// <summary>Writes as many bytes as there is room for, at least one.</summary>
    public async ValueTask<int> WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                ThrowIfBroken();
                if (_ended)
                    throw new IOException("This side has ended already.");
                var taken = Math.Min(bytes.Length, _bytes.Length - _count);
                for (var index = 0; index < taken; index++)
                    _bytes[(_start + _count + index) % _bytes.Length] = bytes.Span[index];
                _count += taken;
                if (taken > 0)
                {
                    Change();
                    return taken;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the next bytes; none after the writer has ended.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                ThrowIfBroken();
                var taken = Math.Min(buffer.Length, _count);
                for (var index = 0; index < taken; index++)
                    buffer.Span[index] = _bytes[(_start + index) % _bytes.Length];
                _start = (_start + taken) % _bytes.Length;
                _count -= taken;
                if (taken > 0)
                {
                    Change();
                    return taken;
                }

                if (_ended)
                    return 0;
                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends writing. What is in the pipe can still be read.</summary>
    public void End()
    {
        lock (_lock)
        {
            _ended = true;
            Change();
        }
    }

    /// <summary>Makes both sides fail from now on. What is in the pipe is lost.</summary>
    public void Break(string reason)
    {
        lock (_lock)
        {
            _broken ??= reason;
            _count = 0;
            Change();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Change()
    {
        _changed.TrySetResult();
        _changed = NewSignal();
    }

    private void ThrowIfBroken()
    {
        if (_broken is not null)
            throw new IOException(_broken);
    }
}
