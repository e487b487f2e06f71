namespace Chat.PluginHost.Versions;

/// <summary>What of the process tells whether a removed version can still be in use. Safe from any thread.</summary>
internal interface IProcessCounts
{
    /// <summary>How many full garbage collections there have been.</summary>
    int FullCollections { get; }

    /// <summary>How many threads there are besides those of the thread pool.</summary>
    int Threads { get; }
}
