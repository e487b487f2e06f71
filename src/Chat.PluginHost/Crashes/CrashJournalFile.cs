using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Chat.PluginHost.Crashes;

/// <summary>The layout of a <see cref="CrashJournal"/> in its file: a header, the plugins' names by number, and a cell
/// for each caller, which has a cache line to itself.</summary>
internal sealed unsafe partial class CrashJournalFile
{
    public const long Magic = 0x31_4E_52_4A_54_41_48_43; // CHATJRN1
    public const int StateAt = 8, EndsAt = 16, MostEnds = 3, Clean = 2;
    public const int NamesAt = 64, Names = 1024, NameBytes = 512, LongestName = NameBytes - sizeof(int);
    public const int CellsAt = NamesAt + (Names * NameBytes), Cells = 16384, CellBytes = 64;
    public const int Size = CellsAt + (Cells * CellBytes);

    private const int ReadWrite = 3, Shared = 0x01, Private = 0x02, Fixed = 0x10, Anonymous = 0x20;

    private readonly string _path;
    private readonly byte* _start;
    private readonly FileLease? _lease;
    private FileStream _stream;

    /// <summary>Creates the file, in place of one that another process may still be ending with.</summary>
    public CrashJournalFile(string path)
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
            ((long*)(_start + EndsAt))[index] = index < ends.Count ? ends[index].UtcTicks : 0;
    }

    public void WriteName(int number, byte[] name)
    {
        var entry = _start + NamesAt + ((number - 1) * NameBytes);
        *(int*)entry = 0;
        name.CopyTo(new Span<byte>(entry + sizeof(int), LongestName));
        *(int*)entry = name.Length;
    }

    public int* Cell(int index) => (int*)(_start + CellsAt + (index * CellBytes));

    /// <summary>Writes a new file. The bytes are written, and the file is not just extended: otherwise a full disk
    /// would end the process when a page is first touched.</summary>
    private static FileStream Write(string path, byte[] bytes)
    {
        File.Delete(path);
        var stream = new FileStream(
            path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            stream.Write(bytes);
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
    /// maps that at the same addresses, which never stop being valid. If there is no space for a copy, the journal goes
    /// on in memory alone and is lost with the process.</summary>
    [SupportedOSPlatform("linux")]
    private void MoveAway()
    {
        var old = Checked(Map(null, Size, ReadWrite, Shared, _stream.SafeFileHandle, 0));
        var copied = new ReadOnlySpan<byte>(_start, Size).ToArray();
        var copy = TryReplace(copied);
        if (copy is not null)
        {
            Checked(Map(_start, Size, ReadWrite, Shared | Fixed, copy.SafeFileHandle, 0));
        }
        else
        {
            Checked(MapMemory(_start, Size, ReadWrite, Private | Anonymous | Fixed, -1, 0));
            copied.CopyTo(new Span<byte>(_start, Size));
        }

        // What was written to the old pages after they were copied, unless newer values have been written since.
        for (var at = 0; at < Size; at += sizeof(int))
        {
            var (before, now) = (BitConverter.ToInt32(copied, at), *(int*)(old + at));
            if (now != before)
                Interlocked.CompareExchange(ref *(int*)(_start + at), now, before);
        }

        _ = Unmap(old, Size);
        _stream.Dispose();
        _stream = copy ?? _stream;
    }

    /// <returns>The new file; <see langword="null"/> if it cannot be made: the next start then learns
    /// nothing.</returns>
    [SupportedOSPlatform("linux")]
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

    private static byte* Checked(byte* mapped) => mapped != (byte*)-1 ? mapped
        : throw new IOException($"The crash journal cannot be mapped: {Marshal.GetLastPInvokeErrorMessage()}.");

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(byte* start, nint length, int access, int flags, SafeHandle file, nint offset);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* MapMemory(byte* start, nint length, int access, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(byte* start, nint length);
}
