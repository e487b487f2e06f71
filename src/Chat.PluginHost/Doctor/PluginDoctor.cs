using System.Diagnostics;

namespace Chat.PluginHost.Doctor;

/// <summary>Finds out what is wrong with a plugin, a script or a whole drop folder, and what to do about it: first by
/// looking at the files alone, then by a dry run. Safe from any thread.</summary>
/// <remarks>A dry run runs the plugin's code in this process, with the process's rights. To survive an exception that
/// it does not catch, see <see cref="Contain"/>.</remarks>
public sealed class PluginDoctor
{
    private static readonly IReadOnlyList<Func<CheckedPlugin, IEnumerable<Finding>>> _checks =
    [
        FileChecks.CheckMainFile, FileChecks.CheckContract, FileChecks.CheckLibraries, DependencyChecks.CheckAssemblies,
        DependencyChecks.CheckNative, EntryPointCheck.Check, FileChecks.CheckSettings, AccessChecks.CheckPermissions,
        AccessChecks.CheckLinks, FileChecks.CheckLimits,
    ];

    private readonly DryRunLog _unhandled = new();
    private volatile DoctorReport? _beforeDryRun;

    /// <summary>How long a plugin may take to start, and a line to go through it.</summary>
    /// <value>From 10 ms to 10 minutes; default 5 s.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for each step of removing a plugin, and for its code to leave memory.</summary>
    /// <value>From 0 to 10 minutes; default 3 s.</value>
    public TimeSpan UnloadTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether links that lead out of the plugin folder are followed, as the server is configured; see
    /// <see cref="PluginHostOptions.AllowOutsideLinks"/>.</summary>
    /// <value>Default <see langword="false"/>: such links are reported.</value>
    public bool AllowOutsideLinks { get; init; }

    /// <summary>The clock for all times and timeouts.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Checks what is at a path.</summary>
    /// <param name="path">A plugin's DLL, its folder, a script, or a drop folder.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    public Task<DoctorReport> CheckAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(() => RunAsync(path, cancellationToken), cancellationToken);
    }

    /// <summary>Records an exception that nobody has caught, for a process-wide handler: one from a thread, a timer or
    /// an <c>async void</c> method of a plugin becomes a finding. Never throws.</summary>
    /// <param name="exception">The exception.</param>
    /// <returns>Whether it comes from plugin code, so that the process may go on.</returns>
    public bool Contain(Exception exception)
    {
        if (ExitCalls.Innermost(new StackTrace(exception)) is not { } plugin)
            return false;
        var source = PluginContexts.SourceOf(plugin);
        PluginLog.Unhandled(_unhandled.CreateLogger("Chat.PluginHost"), source, ExceptionText.Describe(exception));
        return true;
    }

    /// <summary>The report of a check during which a plugin ends the process, for a handler of the process's
    /// exit.</summary>
    /// <param name="stack">The stack of the thread that ends the process.</param>
    /// <returns>The report; <see langword="null"/> if no plugin has been run yet.</returns>
    public DoctorReport? EndedBy(StackTrace stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        if (_beforeDryRun is not { } before)
            return null;
        var ended = ExitCalls.SuspectSources(stack).DefaultIfEmpty("dry run").Select(source => new Finding(
            FindingSeverity.Error, source, "it ended the whole process in the dry run, and would end a server as well.",
            "Remove the call of Environment.Exit, and check again."));
        return before with { Findings = [.. before.Findings, .. ended] };
    }

    private async Task<DoctorReport> RunAsync(string path, CancellationToken cancellationToken)
    {
        var target = CheckTarget.At(path, AllowOutsideLinks);
        List<Finding> findings = [.. target.Problems.Select(problem => Finding.Fatal(problem))];
        var plugins = new List<PluginSource>();
        var unloadable = new HashSet<PluginSource>();
        foreach (var plugin in Open(target.Plugins, cancellationToken))
        {
            var found = _checks.SelectMany(check => Run(check, plugin)).ToList();
            findings.AddRange(found);
            plugins.Add(plugin.Source);
            if (found.Exists(finding => finding.KeepsFromLoading))
                unloadable.Add(plugin.Source);
        }

        var report = new DoctorReport([.. plugins.Select(plugin => plugin.Source)], [.. findings], null);
        if (plugins.Count == 0)
            return report;
        _beforeDryRun = report;
        var log = new DryRunLog();
        var dryRun = new DryRun(this, log);
        var loadable = plugins.FindAll(plugin => plugin.Problem is null);
        var run = await dryRun.RunAsync(loadable, unloadable.Contains, cancellationToken).ConfigureAwait(false);

        // What is wrong with a folder is wrong for every plugin in it, but reported once.
        var all = findings.Concat(dryRun.Failures).Concat(log.Findings).Concat(_unhandled.Findings).Distinct();
        return report with { Findings = [.. all], DryRun = run };
    }

    /// <summary>A file that is broken in ways a check does not expect is a finding too.</summary>
    private static IReadOnlyList<Finding> Run(Func<CheckedPlugin, IEnumerable<Finding>> check, CheckedPlugin plugin)
    {
        try
        {
            return [.. check(plugin)];
        }
        catch (Exception exception) when (exception is BadImageFormatException or ArgumentException
            or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return [new Finding(
                FindingSeverity.Error, plugin.Source.Source,
                $"it cannot be examined: {ExceptionText.Describe(exception)}.",
                "Build it again. If that does not help, the file is damaged.")];
        }
    }

    /// <summary>Reads the plugins' files, except DLLs that are just libraries of a script.</summary>
    private static List<CheckedPlugin> Open(IReadOnlyList<PluginSource> sources, CancellationToken cancellationToken)
    {
        var compiler = new ScriptCompiler(cache: null);
        var plugins = sources.Select(source => CheckedPlugin.Open(source, compiler, cancellationToken)).ToList();
        var usedByScripts = plugins.SelectMany(plugin => plugin.Script?.Files ?? []).ToHashSet(StringComparer.Ordinal);
        plugins.RemoveAll(plugin => plugin.Script is null && usedByScripts.Contains(plugin.Source.MainFile)
            && plugin.Image?.VersionOf(LoadRules.Contract.Name!) is null);
        return plugins;
    }
}
