namespace Chat.PluginHost;

/// <summary>Where plugins come from and how they are loaded.</summary>
public sealed class PluginHostOptions
{
    /// <summary>The drop folder. Created if missing; watched for changes.</summary>
    public required string Folder { get; set; }

    /// <summary>A folder of plugins that come with the application. A plugin or settings file of the same name in
    /// <see cref="Folder"/> takes precedence.</summary>
    /// <value>Default <see langword="null"/>: none.</value>
    public string? BundledFolder { get; set; }

    /// <summary>Whether links that lead out of the plugin folders are followed. Links to places inside the same folder,
    /// as Kubernetes makes them for a ConfigMap, are always followed. Anyone who can write to a link's target decides
    /// what runs.</summary>
    /// <value>Default <see langword="false"/>: such links are reported and not loaded.</value>
    public bool AllowOutsideLinks { get; set; }

    /// <summary>The ids of plugins without which nobody may speak, whatever the reason they are not loaded: from the
    /// start until they are live, and again after they have been removed.</summary>
    /// <value>Default empty.</value>
    public IReadOnlyList<string> Required { get; set; } = [];

    /// <summary>Whether plugins that had guards when the server last ran are required too, unless they have been
    /// removed from the folders. Their ids are kept in the file <c>_guards.txt</c> in
    /// <see cref="StoreFolder"/>.</summary>
    /// <value>Default <see langword="true"/>: if a guard cannot be loaded at the start, for example because the disk is
    /// full, nobody can speak until it is. <see langword="false"/>: messages pass without it.</value>
    public bool GuardsAreRequired { get; set; } = true;

    /// <summary>The folder for the copies that are actually loaded, so that nothing in the drop folder is ever locked.
    /// Cleaned up at the next start.</summary>
    public required string ShadowFolder { get; set; }

    /// <summary>The folder for data that plugins keep beyond their removal or a restart, one file each. Created when
    /// first needed.</summary>
    /// <value>Default <see langword="null"/>: in memory, until the host ends.</value>
    public string? StoreFolder { get; set; }

    /// <summary>The folder for compiled scripts, so that the next start need not compile them. Created if missing,
    /// accessible to its owner only; may be deleted at any time.</summary>
    /// <value>Default <see langword="null"/>: no cache.</value>
    public string? CacheFolder { get; set; }

    /// <summary>Records which plugins run, and knows those in which the process died; the same as
    /// <see cref="ChatServerOptions.CrashJournal"/>.</summary>
    /// <value>Default <see langword="null"/>: nothing is recorded.</value>
    public CrashJournal? CrashJournal { get; set; }

    /// <summary>The file that lists the plugins in which the process died. Created when there is one.</summary>
    /// <value>Default <see langword="null"/>: they are remembered until the process ends.</value>
    public string? QuarantineFile { get; set; }

    /// <summary>How long a folder must be quiet before a change in it takes effect.</summary>
    /// <value>From 0 to 1 minute; default 200 ms.</value>
    public TimeSpan QuietTime { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often to look at the folders if the system reports no change, because some file systems never do.
    /// After 30 intervals all files are read again, which finds changes that kept a file's size and time.</summary>
    /// <value>From 10 ms to 1 hour; default 2 s.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a plugin may take to start.</summary>
    /// <value>From 10 ms to 10 minutes; default 5 s.</value>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a plugin may take to save its state, to restore it, and to take changed settings, each.
    /// Messages on their way into a script wait meanwhile.</summary>
    /// <value>From 10 ms to 10 minutes; default 1 s.</value>
    public TimeSpan HandOverTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for messages that are still inside an old version before it is stopped
    /// anyway.</summary>
    /// <value>From 0 to 10 minutes; default 5 s.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock for all times and timeouts.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Where the host and its plugins log.</summary>
    /// <value>Default: nowhere.</value>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    internal string? GuardsFile => StoreFolder is null ? null : Path.Combine(StoreFolder, "_guards.txt");
    internal PluginTimeouts Timeouts => new(StartTimeout, HandOverTimeout, DrainTimeout, Clock);

    /// <summary>Checks every value.</summary>
    /// <exception cref="ChatOptionsException">A value is out of its range; the message names it.</exception>
    public void Validate()
    {
        ChatOptionsException.ThrowIfEmpty(Folder, nameof(Folder));
        ChatOptionsException.ThrowIfEmpty(ShadowFolder, nameof(ShadowFolder));
        if (StoreFolder is not null)
            ChatOptionsException.ThrowIfEmpty(StoreFolder, nameof(StoreFolder));
        if (CacheFolder is not null)
            ChatOptionsException.ThrowIfEmpty(CacheFolder, nameof(CacheFolder));
        if (Required is null || Required.Any(string.IsNullOrWhiteSpace))
            throw new ChatOptionsException(nameof(Required), "must be a list of plugin ids, but one of them is empty");
        var shortest = TimeSpan.FromMilliseconds(10);
        var longest = TimeSpan.FromMinutes(10);
        ChatOptionsException.ThrowIfOutOfRange(QuietTime, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(QuietTime));
        ChatOptionsException.ThrowIfOutOfRange(PollInterval, shortest, TimeSpan.FromHours(1), nameof(PollInterval));
        ChatOptionsException.ThrowIfOutOfRange(StartTimeout, shortest, longest, nameof(StartTimeout));
        ChatOptionsException.ThrowIfOutOfRange(HandOverTimeout, shortest, longest, nameof(HandOverTimeout));
        ChatOptionsException.ThrowIfOutOfRange(DrainTimeout, TimeSpan.Zero, longest, nameof(DrainTimeout));
    }

    internal ReloadSettings ForReload() => new(Timeouts, LoggerFactory)
    {
        StoreFolder = StoreFolder,
        CacheFolder = CacheFolder,
        CrashJournal = CrashJournal,
    };
}
