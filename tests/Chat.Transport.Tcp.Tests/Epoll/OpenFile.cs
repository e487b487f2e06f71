namespace Chat.Transport.Tcp.Tests.Epoll;

/// <summary>
/// A file of its own, whose descriptor belongs to whoever asks for it: whether a number still stands for it can be
/// told.
/// </summary>
internal sealed class OpenFile : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    /// <summary>Opens it once more.</summary>
    /// <returns>The number, which nobody but the caller closes.</returns>
    public int Open()
    {
        var handle = File.OpenHandle(_path, share: FileShare.ReadWrite);
        var number = (int)handle.DangerousGetHandle();
        handle.SetHandleAsInvalid();
        return number;
    }

    /// <summary>Whether the number stands for this file.</summary>
    public bool IsAt(int number) => new FileInfo($"/proc/self/fd/{number}").LinkTarget == _path;

    public void Dispose() => File.Delete(_path);
}
