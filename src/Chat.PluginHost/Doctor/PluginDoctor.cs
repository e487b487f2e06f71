using System.Diagnostics;
using Chat.Engine.Diagnostics;
using Chat.PluginHost.Compiling;
using Chat.PluginHost.Crashes;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Loading;
using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Doctor;

/// <summary>
/// Says what is wrong with a plugin, a script or a whole drop folder, and what to do about it: first by looking at the files alone,
/// then by a dry run. Safe from any thread.
/// </summary>
/// <remarks>A dry run runs the plugin's code in this process, with all it may do. Where that is to go on, see <see cref="Contain"/>.</remarks>
public sealed class PluginDoctor
{
    private static readonly IReadOnlyList<IPluginCheck> _checks =
    [
        new ImageCheck(), new ContractCheck(), new TargetCheck(), new ManagedDependenciesCheck(), new NativeLibrariesCheck(), new EntryPointCheck(),
        new ScriptCheck(), new SettingsCheck(), new PermissionsCheck(), new LinksCheck(), new LimitsCheck(),
    ];

    private readonly DryRunLog _unhandled = new();
    private volatile DoctorReport? _looked;

    /// <summary>How long a plugin may take to start, and a line to go through it.</summary>
    /// <value>From 10 ms to 10 minutes; default 5 s.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for each step of taking a plugin out, and for its code to be gone from memory.</summary>
    /// <value>From 0 to 10 minutes; default 3 s.</value>
    public TimeSpan UnloadTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The clock for all times and timeouts.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Checks what is at a path.</summary>
    /// <param name="path">A plugin's DLL, its folder, a script, or a drop folder.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="FileNotFoundException">There is nothing at the path.</exception>
    public Task<DoctorReport> CheckAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Task.Run(() => RunAsync(path, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Takes note of an exception that nobody has caught, for a process-wide handler: one from a thread, a timer or an
    /// <c>async void</c> of a plugin's own becomes a finding. Never throws.
    /// </summary>
    /// <param name="exception">The exception.</param>
    /// <returns>Whether it comes out of plugin code, and the process may go on.</returns>
    public bool Contain(Exception exception)
    {
        if (PluginFrames.Innermost(new StackTrace(exception)) is not { } plugin)
            return false;
        PluginLog.Unhandled(_unhandled.CreateLogger("Chat.PluginHost"), PluginContexts.SourceOf(plugin), ExceptionText.Describe(exception));
        return true;
    }

    /// <summary>What is known when a plugin ends the process in the middle of a check, for a handler of that.</summary>
    /// <param name="stack">The stack of the thread that ends it.</param>
    /// <returns><see langword="null"/> while nothing has been run.</returns>
    public DoctorReport? EndedBy(StackTrace stack)
    {
        ArgumentNullException.ThrowIfNull(stack);
        if (_looked is not { } looked)
            return null;
        var suspects = ExitCalls.SuspectSources(stack);
        return looked with
        {
            Findings = [.. looked.Findings, .. suspects.DefaultIfEmpty("dry run").Select(source => new Finding(
                FindingSeverity.Error,
                source,
                "it has ended the whole process in the dry run, which a server would not survive either.",
                "Take the call of Environment.Exit out, and check again."))],
        };
    }

    private async Task<DoctorReport> RunAsync(string path, CancellationToken cancellationToken)
    {
        var target = CheckTarget.At(path);
        List<Finding> findings = [.. target.Findings];
        var units = new List<PluginSource>();
        var unloadable = new HashSet<PluginSource>();
        foreach (var plugin in Open(target.Units, cancellationToken))
        {
            using (plugin)
            {
                var found = _checks.SelectMany(check => Run(check, plugin)).ToList();
                findings.AddRange(found);
                units.Add(plugin.Unit);
                if (found.Exists(finding => finding.KeepsFromLoading))
                    unloadable.Add(plugin.Unit);
            }
        }

        if (units.Count == 0)
            return new DoctorReport([], findings, null);
        _looked = new DoctorReport([.. units.Select(unit => unit.Source)], [.. findings], null);
        var log = new DryRunLog();
        var dryRun = new DryRun(this, log);
        var report = await dryRun.RunAsync([.. units.Where(unit => unit.Problem is null)], unloadable.Contains, cancellationToken).ConfigureAwait(false);
        findings.AddRange(dryRun.Failures);
        findings.AddRange(log.Findings);
        findings.AddRange(_unhandled.Findings);

        // What is wrong with a folder is wrong for all that lies in it, and said once.
        return new DoctorReport([.. units.Select(unit => unit.Source)], [.. findings.Distinct()], report);
    }

    /// <summary>A file may be broken in ways that a check does not expect: that is worth a finding, not the end of the others.</summary>
    private static IReadOnlyList<Finding> Run(IPluginCheck check, CheckedPlugin plugin)
    {
        try
        {
            return [.. check.Check(plugin)];
        }
        catch (Exception exception) when (exception is BadImageFormatException or ArgumentException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            return [new Finding(FindingSeverity.Error, plugin.Unit.Source, $"it cannot be examined: {ExceptionText.Describe(exception)}.", "Build it anew; if it stays so, the file is damaged.")];
        }
    }

    /// <summary>Reads the plugins' files, without the DLLs that are none because a script refers to them.</summary>
    private static List<CheckedPlugin> Open(IReadOnlyList<PluginSource> units, CancellationToken cancellationToken)
    {
        var compiler = new ScriptCompiler(cache: null);
        var plugins = units.Select(unit => CheckedPlugin.Open(unit, compiler, cancellationToken)).ToList();
        var usedByScripts = plugins.SelectMany(plugin => plugin.Script?.Files ?? []).ToHashSet(StringComparer.Ordinal);
        foreach (var library in plugins.Where(plugin => plugin.Script is null && usedByScripts.Contains(plugin.Unit.MainFile)).ToList())
        {
            if (library.Image?.References.Any(reference => reference.Name == Path.GetFileNameWithoutExtension(PluginScanner.ContractFile)) == true)
                continue;
            plugins.Remove(library);
            library.Dispose();
        }

        return plugins;
    }
}
