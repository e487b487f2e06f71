using System.IO.MemoryMappedFiles;

namespace Chat.PluginHost.Crashes;

/// <summary>How a <see cref="CrashJournal"/> lies in its file: a head, the names of the plugins by number, and a cell for each runner, which has a cache line to itself.</summary>
internal sealed unsafe class CrashJournalFile
{
    public const long Magic = 0x31_58_4F_42_54_41_48_43; // CHATBOX1
    public const int StateAt = 8, EndsAt = 16, MostEnds = 3;
    public const int NamesAt = 64, Names = 1024, NameBytes = 512, LongestName = NameBytes - sizeof(int);
    public const int CellsAt = NamesAt + (Names * NameBytes), Cells = 16384, CellBytes = 64;
    public const int Size = CellsAt + (Cells * CellBytes);
    public const int Clean = 2;

    private readonly byte* _start;

    private CrashJournalFile(byte* start) => _start = start;

    /// <summary>Makes the file anew. One that is there is not touched but replaced: another process may be ending with it.</summary>
    public static CrashJournalFile Create(string path)
    {
        File.Delete(path);
        var stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);

        // Written, not only made so long: a disk that is full later must not end the process when a page is touched for the first time.
        try
        {
            stream.Write(new byte[Size], 0, Size);
            stream.Flush();
        }
        catch
        {
            // Half a file tells nobody anything, and what it takes up may be what others lack.
            stream.Dispose();
            File.Delete(path);
            throw;
        }

        var map = MemoryMappedFile.CreateFromFile(stream, null, Size, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: false);
        byte* start = null;
        map.CreateViewAccessor(0, Size).SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        *(long*)start = Magic;
        return new CrashJournalFile(start);
    }

    public void SetState(int state) => *(int*)(_start + StateAt) = state;

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
}
