using System.Diagnostics;
using Chat.PluginHost;

namespace Chat.Server.Crashes;

/// <summary>Notices when the process ends though the host has not ended it: some plugin has called <see cref="Environment.Exit"/>. Watches until it is disposed.</summary>
internal sealed class UnaskedExit : IDisposable
{
    /// <summary>What tells a supervisor that this was no stop, whatever code the plugin has ended the process with.</summary>
    public const int ExitCode = 70;

    private readonly PluginDirectory _plugins;

    public UnaskedExit(PluginDirectory plugins)
    {
        _plugins = plugins;
        AppDomain.CurrentDomain.ProcessExit += Note;
    }

    /// <inheritdoc/>
    public void Dispose() => AppDomain.CurrentDomain.ProcessExit -= Note;

    /// <summary>On the thread that ends the process: whoever does so is on its stack.</summary>
    private void Note(object? sender, EventArgs e)
    {
        _plugins.NoteExit(new StackTrace());
        Environment.ExitCode = ExitCode;
    }
}
