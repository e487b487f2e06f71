using System.Diagnostics;
using System.Globalization;

namespace Chat.Engine.Isolation.Profiling;

/// <summary>The resources of the current process.</summary>
internal sealed class ProcessResources : IProcessResources
{
    private const string Status = "/proc/self/stat";

    /// <summary>The index of the thread count in <see cref="Status"/>, from the field after the name
    /// (proc(5)).</summary>
    private const int ThreadsField = 17;

    private static readonly bool _hasStatus = File.Exists(Status);
    private static volatile int _lastThreads;

    /// <inheritdoc/>
    public long AllocatedBytes => GC.GetTotalMemory(forceFullCollection: false);

    /// <inheritdoc/>
    public int Threads =>
#if NET
        AllThreads() - ThreadPool.ThreadCount;
#else
        AllThreads();
#endif

    /// <inheritdoc/>
    public long AllocatedHere =>
#if NET
        GC.GetAllocatedBytesForCurrentThread();
#else
        0;
#endif

    /// <inheritdoc/>
    public long CollectedHeapBytes()
    {
        GC.Collect();
        return GC.GetTotalMemory(forceFullCollection: false);
    }

    private static int AllThreads()
    {
        try
        {
            return _lastThreads = CountThreads();
        }
        catch (IOException)
        {
            // The process is out of file handles; that must not look like a change.
            return _lastThreads;
        }
    }

    private static int CountThreads()
    {
        if (_hasStatus)
        {
            // The name in parentheses may contain spaces.
            var status = File.ReadAllText(Status);
            var fields = status.Substring(status.LastIndexOf(')') + 1)
                .Split([' '], StringSplitOptions.RemoveEmptyEntries);
            return int.Parse(fields[ThreadsField], CultureInfo.InvariantCulture);
        }

        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }
}
