using System.IO.MemoryMappedFiles;

namespace Chat.PluginHost.Crashes;

/// <summary>The layout of a <see cref="CrashJournal"/> in its file: a header, the plugins' names by number, and a cell
/// for each caller, which has a cache line to itself.</summary>
internal sealed unsafe class CrashJournalFile
{
    public const long Magic = 0x31_58_4F_42_54_41_48_43; // CHATBOX1
    public const int StateAt = 8, EndsAt = 16, MostEnds = 3;
    public const int NamesAt = 64, Names = 1024, NameBytes = 512, LongestName = NameBytes - sizeof(int);
    public const int CellsAt = NamesAt + (Names * NameBytes), Cells = 16384, CellBytes = 64;
    public const int Size = CellsAt + (Cells * CellBytes);
    public const int Clean = 2;

    private readonly string _path;
    private readonly byte* _start;
    private readonly FileLease? _lease;
    private FileStream _stream;

    private CrashJournalFile(string path)
    {
        _path = path;
        _stream = Write(Aside, new byte[Size]);
        var map = MemoryMappedFile.CreateFromFile(
            _stream, null, Size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
        map.CreateViewAccessor(0, Size).SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
        *(long*)_start = Magic;
        if (OperatingSystem.IsLinux())
        {
            _lease = new FileLease(MoveAway);
            _lease.Guard(_stream.SafeFileHandle);
        }

        File.Move(Aside, path, overwrite: true);
    }

    /// <summary>Where the file is made. It gets its name once it is guarded, so that nobody opens it before.</summary>
    private string Aside => $"{_path}.new";

    /// <summary>Creates the file. If there is one, it is replaced: another process may still be ending with
    /// it.</summary>
    public static CrashJournalFile Create(string path) => new(path);

    /// <summary>Records a clean end. The file is no longer guarded.</summary>
    public void Close()
    {
        *(int*)(_start + StateAt) = Clean;
        if (OperatingSystem.IsLinux())
            _lease?.Dispose();
    }

    public void WriteEnds(IReadOnlyList<DateTimeOffset> ends)
    {
        for (var index = 0; index < MostEnds; index++)
            *(long*)(_start + EndsAt + (index * sizeof(long))) = index < ends.Count ? ends[index].UtcTicks : 0;
    }

    public void WriteName(int number, byte[] name)
    {
        var entry = _start + NamesAt + ((number - 1) * NameBytes);
        *(int*)entry = 0;
        for (var index = 0; index < name.Length; index++)
            entry[sizeof(int) + index] = name[index];
        *(int*)entry = name.Length;
    }

    public int* Cell(int index) => (int*)(_start + CellsAt + (index * CellBytes));

    /// <summary>Writes the bytes to a new file at the path. They are written, and the file is not just extended:
    /// otherwise a full disk would end the process when a page is first touched.</summary>
    private static FileStream Write(string path, byte[] bytes)
    {
        File.Delete(path);
        var stream = new FileStream(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            stream.Write(bytes, 0, bytes.Length);
            stream.Flush();
            return stream;
        }
        catch
        {
            // Half a file is of no use, and others may need the space.
            stream.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Somebody is about to open the file, and may truncate or overwrite it: puts a copy in its place, and
    /// maps that at the same addresses. If there is no space for a copy, the journal goes on in memory alone and is
    /// lost with the process.</summary>
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private void MoveAway()
    {
        var old = FileMapping.Map(_stream.SafeFileHandle, Size);
        var copied = new ReadOnlySpan<byte>(_start, Size).ToArray();
        var copy = TryReplace(copied);
        if (copy is not null)
        {
            FileMapping.Replace(_start, Size, copy.SafeFileHandle);
        }
        else
        {
            FileMapping.ReplaceByMemory(_start, Size);
            copied.CopyTo(new Span<byte>(_start, Size));
        }

        // What was written to the old pages after they were copied, unless newer values have been written since.
        for (var at = 0; at < Size; at += sizeof(int))
        {
            var before = BitConverter.ToInt32(copied, at);
            var now = *(int*)(old + at);
            if (now != before)
                Interlocked.CompareExchange(ref *(int*)(_start + at), now, before);
        }

        FileMapping.Unmap(old, Size);
        _stream.Dispose();
        _stream = copy ?? _stream;
    }

    /// <returns>The new file; <see langword="null"/> if it cannot be made: the next start then learns
    /// nothing.</returns>
    [System.Runtime.Versioning.SupportedOSPlatform("linux")]
    private FileStream? TryReplace(byte[] bytes)
    {
        FileStream? copy = null;
        try
        {
            copy = Write(Aside, bytes);
            _lease!.Guard(copy.SafeFileHandle);
            File.Move(Aside, _path, overwrite: true);
            return copy;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _lease!.Guard(null);
            copy?.Dispose();
            return null;
        }
    }
}
