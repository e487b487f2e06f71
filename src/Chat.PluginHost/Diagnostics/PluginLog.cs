namespace Chat.PluginHost.Diagnostics;

/// <summary>Everything the plugin host logs.</summary>
internal static partial class PluginLog
{
    public const int StrayContractId = 105;

    [LoggerMessage(EventId = 101, Message = "Loaded {Source} as plugin {Plugin}, version {Version}.")]
    public static partial void Loaded(ILogger logger, LogLevel level, string source, string plugin, int version);

    [LoggerMessage(EventId = 102, Message = "Removed plugin {Plugin} ({Source}).")]
    public static partial void Removed(ILogger logger, LogLevel level, string plugin, string source);

    [LoggerMessage(103, LogLevel.Error, "Not loaded: {Problem}")]
    public static partial void NotLoaded(ILogger logger, string problem);

    [LoggerMessage(104, LogLevel.Error, "Not loaded, version {Version} stays in place: {Problem}")]
    public static partial void NotReplaced(ILogger logger, int version, string problem);

    [LoggerMessage(StrayContractId, LogLevel.Warning,
        "{Source}: ignoring {File}, because the contract is always the host's. Leave it out of the plugin: "
        + "reference Chat.Abstractions with Private=\"false\" or ExcludeAssets=\"runtime\".")]
    public static partial void StrayContract(ILogger logger, string source, string file);

    [LoggerMessage(106, LogLevel.Warning,
        "Plugin {Plugin} version {Version} is being removed, but {Obstacle} after {Timeout}. It is no longer "
        + "waited for; its memory is free once that ends.")]
    public static partial void NotRetired(
        ILogger logger, string plugin, int version, string obstacle, TimeSpan timeout);

    [LoggerMessage(107, LogLevel.Warning,
        "Plugin {Plugin} version {Version} failed while it was being removed: {Fault}")]
    public static partial void RetireFailed(ILogger logger, string plugin, int version, string fault);

    [LoggerMessage(130, LogLevel.Warning,
        "Plugin {Plugin} version {Version} is retired but still in memory after {Seconds} s. It still held: "
        + "{Held}.")]
    public static partial void StillAlive(ILogger logger, string plugin, int version, int seconds, string held);

    [LoggerMessage(131, LogLevel.Information,
        "Plugin {Plugin} version {Version}, which was still in memory, is gone after all.")]
    public static partial void GoneAfterAll(ILogger logger, string plugin, int version);

    [LoggerMessage(132, LogLevel.Warning,
        "{Count} old versions of plugin {Plugin} are still in memory: {Versions}. Each reload may add another, "
        + "until the server is restarted; /plugins says what holds them.")]
    public static partial void ManyAlive(ILogger logger, int count, string plugin, string versions);

    [LoggerMessage(133, LogLevel.Warning,
        "Plugin {Plugin} version {Version} has not saved its state within {Timeout}, so version {Next} starts "
        + "afresh.")]
    public static partial void NotSavedInTime(ILogger logger, string plugin, int version, TimeSpan timeout, int next);

    [LoggerMessage(134, LogLevel.Warning,
        "A cache of the framework could not be emptied: {Error} Plugins whose types it has seen stay in memory.")]
    public static partial void CacheNotCleared(ILogger logger, string error);

    [LoggerMessage(135, LogLevel.Warning,
        "Everyone on this machine may write to {Folder}, and so decide what this server runs. Take that right "
        + "away: chmod o-w")]
    public static partial void WorldWritable(ILogger logger, string folder);

    [LoggerMessage(136, LogLevel.Warning,
        "The system does not report changes in {Folder}: {Problem} It is looked at every {Interval} instead.")]
    public static partial void NotWatched(ILogger logger, string folder, string problem, TimeSpan interval);

    [LoggerMessage(109, LogLevel.Error, "The plugin folders could not be looked through: {Error} Trying again.")]
    public static partial void ScanFailed(ILogger logger, string error);

    [LoggerMessage(110, LogLevel.Information, "{Message}")]
    public static partial void Info(ILogger logger, string message);

    [LoggerMessage(111, LogLevel.Warning, "{Message}")]
    public static partial void Warn(ILogger logger, string message);

    [LoggerMessage(112, LogLevel.Error, "{Message}")]
    public static partial void Error(ILogger logger, string message);

    [LoggerMessage(113, LogLevel.Debug, "{Nick} was not told: not connected, or too much unread already.")]
    public static partial void NotTold(ILogger logger, string nick);

    [LoggerMessage(114, LogLevel.Information, "Hooks answered what the plugin said: {Told}")]
    public static partial void Told(ILogger logger, string told);

    [LoggerMessage(115, LogLevel.Error,
        "Code of plugin {Plugin} failed on a thread of its own, where nobody could catch it: {Fault}. The server "
        + "goes on.")]
    public static partial void Unhandled(ILogger logger, string plugin, string fault);

    [LoggerMessage(121, LogLevel.Information, "Plugin {Plugin} has taken the changed settings in {File}.")]
    public static partial void SettingsTaken(ILogger logger, string plugin, string file);

    [LoggerMessage(122, LogLevel.Error,
        "What plugin {Plugin} has kept is damaged, so it begins with nothing: {Damage} The damaged file is now "
        + "{File}.")]
    public static partial void StoreDamaged(ILogger logger, string plugin, string damage, string file);

    [LoggerMessage(123, LogLevel.Error, "A background task of plugin {Plugin} failed and has ended: {Fault}")]
    public static partial void WorkFailed(ILogger logger, string plugin, string fault);

    [LoggerMessage(124, LogLevel.Warning,
        "Plugin {Plugin} could not save what its next version is to know, which starts afresh: {Fault}")]
    public static partial void NotSaved(ILogger logger, string plugin, string fault);

    [LoggerMessage(140, LogLevel.Warning,
        "{Source}: it runs, but cannot be stopped when it does not come back: with the checks for that in it, it "
        + "does not compile: {Reason}")]
    public static partial void NotInstrumented(ILogger logger, string source, string reason);

    [LoggerMessage(141, LogLevel.Warning,
        "Compiled scripts are not kept in {Folder}, so each start compiles them anew: {Reason}")]
    public static partial void NoCache(ILogger logger, string folder, string reason);

    [LoggerMessage(150, LogLevel.Error,
        "The server died without being told to stop, inside of: {Plugins}. These are not loaded now; /hooks says "
        + "more.")]
    public static partial void DiedIn(ILogger logger, string plugins);

    [LoggerMessage(151, LogLevel.Warning,
        "The server died without being told to stop, but not inside of a plugin, as far as is known. Was it "
        + "killed, or was the power cut?")]
    public static partial void DiedUnexplained(ILogger logger);

    [LoggerMessage(152, LogLevel.Error,
        "The server died {Count} times within a minute, not inside of a plugin, as far as is known. It starts "
        + "without plugins this once: save a plugin's file to load it now, or restart the server to load all.")]
    public static partial void SafeStart(ILogger logger, int count);

    [LoggerMessage(153, LogLevel.Critical, "Plugin {Plugin} ends the process. It is not loaded at the next start.")]
    public static partial void EndsProcess(ILogger logger, string plugin);

    [LoggerMessage(160, LogLevel.Error,
        "Nobody can speak until these plugins are loaded: {Plugins}. They check messages, or are listed as "
        + "required.")]
    public static partial void Closed(ILogger logger, string plugins);

    [LoggerMessage(161, LogLevel.Information, "All required plugins are loaded: people can speak again.")]
    public static partial void Opened(ILogger logger);

    [LoggerMessage(162, LogLevel.Warning,
        "{File}, which lists the plugins that check messages, cannot be written, so the next start does not know "
        + "them. {Problem}")]
    public static partial void GuardsNotKept(ILogger logger, string file, string problem);

    [LoggerMessage(154, LogLevel.Error,
        "{File}, which says what plugins the server has died in, cannot be written, so the next start does not "
        + "know. {Problem}")]
    public static partial void QuarantineNotKept(ILogger logger, string file, string problem);
}
