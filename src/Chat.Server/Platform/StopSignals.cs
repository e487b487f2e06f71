using System.Runtime.InteropServices;

namespace Chat.Server.Platform;

/// <summary>Catches every signal that would end the process, so that the server can say goodbye first: Ctrl-C, a
/// service manager's SIGTERM, a terminal that is closed (SIGHUP), and those that people send by mistake. A signal that
/// is ignored at the start stays ignored, which is what <c>nohup</c> asks for. Catches them until it is
/// disposed.</summary>
internal sealed class StopSignals : IDisposable
{
    // Linux signals that PosixSignal has no names for: SIGUSR1, SIGUSR2, SIGALRM, and SIGXCPU, which precedes a kill.
    private static readonly PosixSignal[] _unnamed =
        [(PosixSignal)10, (PosixSignal)12, (PosixSignal)14, (PosixSignal)24];

    private readonly List<PosixSignalRegistration> _registrations;

    /// <param name="stop">Called for each signal, on a thread of the pool, possibly several times.</param>
    public StopSignals(Action stop)
    {
        PosixSignal[] named = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];
        _registrations = [.. named.Concat(OperatingSystem.IsLinux() ? _unnamed : []).Select(Catch)];

        PosixSignalRegistration Catch(PosixSignal signal) => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            stop();
        });
    }

    public void Dispose() => _registrations.ForEach(registration => registration.Dispose());
}
