using Chat.Engine;
using Chat.PluginHost.Context;
using Chat.PluginHost.Crashes;
using Chat.PluginHost.Reload;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Chat.PluginHost;

/// <summary>Where plugins come from and how they are loaded.</summary>
public sealed class PluginHostOptions
{
    /// <summary>The drop folder. Made when it is not there; watched for changes.</summary>
    public required string Folder { get; set; }

    /// <summary>A folder of plugins that come with the application; a plugin or settings file of the same name in <see cref="Folder"/> goes before it.</summary>
    /// <value>Default <see langword="null"/>: none.</value>
    public string? BundledFolder { get; set; }

    /// <summary>Where to put the copies that are really loaded, so that nothing in the drop folder is ever locked. Swept at the next start.</summary>
    public required string ShadowFolder { get; set; }

    /// <summary>Where plugins keep what is to outlive them, one file each. Made when something is first kept.</summary>
    /// <value>Default <see langword="null"/>: in memory, which ends with the host.</value>
    public string? StoreFolder { get; set; }

    /// <summary>Where to keep compiled scripts, so that the next start need not compile them. Made when it is not there, for its owner alone; may be deleted at any time.</summary>
    /// <value>Default <see langword="null"/>: nowhere.</value>
    public string? CacheFolder { get; set; }

    /// <summary>Where to note what plugins run, and what tells of those the process died in; the same as <see cref="ChatServerOptions.CrashJournal"/>.</summary>
    /// <value>Default <see langword="null"/>: nothing is noted.</value>
    public CrashJournal? CrashJournal { get; set; }

    /// <summary>The file that keeps which plugins the process died in. Made when there is one.</summary>
    /// <value>Default <see langword="null"/>: they are remembered until the process ends.</value>
    public string? QuarantineFile { get; set; }

    /// <summary>How long a folder must be quiet before a change in it is acted on.</summary>
    /// <value>From 0 to 1 minute; default 200 ms.</value>
    public TimeSpan QuietTime { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often to look at the folders when the system reports no change: some file systems never do.</summary>
    /// <value>From 10 ms to 1 hour; default 2 s.</value>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a plugin may take to start.</summary>
    /// <value>From 10 ms to 10 minutes; default 5 s.</value>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a plugin may take to save its state, to restore it, and to take changed settings, each: lines that are on their way into a script wait meanwhile.</summary>
    /// <value>From 10 ms to 10 minutes; default 1 s.</value>
    public TimeSpan HandOverTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for lines that are still inside an old version, before it is stopped all the same.</summary>
    /// <value>From 0 to 10 minutes; default 5 s.</value>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The clock for all times and timeouts.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>Where the host and its plugins log.</summary>
    /// <value>Default: nowhere.</value>
    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

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
        ChatOptionsException.ThrowIfOutOfRange(QuietTime, TimeSpan.Zero, TimeSpan.FromMinutes(1), nameof(QuietTime));
        ChatOptionsException.ThrowIfOutOfRange(PollInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1), nameof(PollInterval));
        ChatOptionsException.ThrowIfOutOfRange(StartTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10), nameof(StartTimeout));
        ChatOptionsException.ThrowIfOutOfRange(HandOverTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10), nameof(HandOverTimeout));
        ChatOptionsException.ThrowIfOutOfRange(DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10), nameof(DrainTimeout));
    }

    internal ReloadSettings ForReload() =>
        new(Timeouts, LoggerFactory) { StoreFolder = StoreFolder, CacheFolder = CacheFolder, CrashJournal = CrashJournal };
}
