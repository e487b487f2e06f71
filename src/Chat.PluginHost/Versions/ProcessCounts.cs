using System.Diagnostics;

namespace Chat.PluginHost.Versions;

/// <summary>The figures of this process.</summary>
internal sealed class ProcessCounts : IProcessCounts
{
    public int FullCollections => GC.CollectionCount(GC.MaxGeneration);

    public int Threads
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.Threads.Count - ThreadPool.ThreadCount;
        }
    }
}
