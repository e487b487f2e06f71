namespace Chat.Load.Clients;

/// <summary>Bytes that the system has not taken yet.</summary>
internal sealed class Outbox
{
    private byte[] _bytes = [];
    private int _start, _end;

    public int Count => _end - _start;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(_start, Count);

    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (_end + bytes.Length > _bytes.Length)
            MakeRoom(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    /// <summary>So many from the front are sent.</summary>
    public void Remove(int count)
    {
        _start += count;
        if (_start == _end)
            _start = _end = 0;
    }

    private void MakeRoom(int more)
    {
        var bytes = Count + more > _bytes.Length ? new byte[(Count + more) * 2] : _bytes;
        Bytes.CopyTo(bytes);
        (_bytes, _end, _start) = (bytes, Count, 0);
    }
}
