using System.Diagnostics;

namespace Chat.Server.Crashes;

/// <summary>Notices when the process ends though the host has not ended it: some plugin has called <see cref="Environment.Exit"/>. Watches until it is disposed.</summary>
internal sealed class UnaskedExit : IDisposable
{
    /// <summary>What tells a supervisor that this was no stop, whatever code the plugin has ended the process with.</summary>
    public const int ServerExitCode = 70;

    private readonly Action<StackTrace> _slot;
    private readonly int _exitCode;

    /// <param name="note">Takes the stack of the thread that ends the process: whoever does so is on it.</param>
    /// <param name="exitCode">What the process is to end with then.</param>
    public UnaskedExit(Action<StackTrace> note, int exitCode)
    {
        _slot = note;
        _exitCode = exitCode;
        AppDomain.CurrentDomain.ProcessExit += Note;
    }

    /// <summary>Who has ended the process, as the subject of a sentence.</summary>
    public static string Culprit(IReadOnlyList<string> plugins) => plugins.Count switch
    {
        0 => "a plugin",
        1 => $"the plugin {plugins[0]}",
        _ => $"one of the plugins {string.Join(", ", plugins)}",
    };

    /// <inheritdoc/>
    public void Dispose() => AppDomain.CurrentDomain.ProcessExit -= Note;

    private void Note(object? sender, EventArgs e)
    {
        _slot(new StackTrace());
        Environment.ExitCode = _exitCode;
    }
}
