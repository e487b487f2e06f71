using System.Diagnostics;
using Chat.Engine.Crashes;
using Chat.PluginHost;

namespace Chat.Server;

/// <summary>Notices when the process ends though the host has not ended it: some plugin has called <see cref="Environment.Exit"/>.</summary>
internal static class UnaskedExit
{
    /// <summary>What tells a supervisor that this was no stop, whatever code the plugin has ended the process with.</summary>
    public const int ExitCode = 70;

    /// <summary>Watches for the end until the black box is closed.</summary>
    public static void Watch(BlackBox box, PluginDirectory plugins) => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        if (box.IsClosed)
            return;

        // On the thread that ends the process: whoever does so is on its stack.
        plugins.NoteExit(new StackTrace());
        Environment.ExitCode = ExitCode;
    };
}
