using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Chat.Server.Crashes;

/// <summary>Runs the server as a child process and starts it again when it dies: at once the first time, then after a growing pause.</summary>
internal sealed partial class Supervisor(IReadOnlyList<string> arguments, TextWriter output, TimeProvider clock)
{
    /// <summary>Tells the child which process to end with.</summary>
    private const string Variable = "CHAT_SUPERVISOR";

    private const int Ok = 0, NotStarted = 1, Usage = 2, Terminate = 15;

    private static readonly int[] _pauses = [0, 1, 2, 4, 5];

    /// <summary>Who has lived so long begins with the first pause again.</summary>
    private static readonly TimeSpan _longLife = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private int? _previousExitCode;
    private Process? _child;

    /// <summary>In the child: stops it when the supervisor is gone, however it went.</summary>
    public static async Task StopWithAsync(CancellationTokenSource stopping)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(Variable), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return;
        try
        {
            using var supervisor = Process.GetProcessById(id);
            await supervisor.WaitForExitAsync(stopping.Token).ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            // It is gone already.
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await stopping.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Runs the server until it stops, or is told to.</summary>
    /// <returns>The server's own exit code.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var asked = cancellationToken.Register(Stop);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        var isFirst = true;
        for (var deaths = 0; ; deaths++)
        {
            var started = clock.GetTimestamp();
            var exitCode = await RunChildAsync().ConfigureAwait(false);

            // Who cannot start at all is to read why. A server that has been up is waited for: what its address is taken by may go away.
            if (exitCode is Ok or Usage || (isFirst && exitCode == NotStarted) || _stopping.IsCancellationRequested)
                return exitCode;
            isFirst = false;
            if (clock.GetElapsedTime(started) >= _longLife)
                deaths = 0;
            var pause = _pauses[Math.Min(deaths, _pauses.Length - 1)];
            var next = pause == 0 ? "now" : string.Create(CultureInfo.InvariantCulture, $"in {pause} s");
            await output.WriteLineAsync($"chat-server: the server died: {ExitReason.Of(exitCode)}. It is started again {next}.").ConfigureAwait(false);
            try
            {
                await Task.Delay(TimeSpan.FromSeconds(pause), clock, _stopping.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return exitCode;
            }
        }
    }

    private async Task<int> RunChildAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        if (!Path.GetFileNameWithoutExtension(start.FileName).Equals("chat-server", StringComparison.OrdinalIgnoreCase))
            start.ArgumentList.Add(Environment.GetCommandLineArgs()[0]);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment[Variable] = Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        start.Environment[ExitReason.Variable] = _previousExitCode?.ToString(CultureInfo.InvariantCulture);
        using var child = Process.Start(start)!;
        Volatile.Write(ref _child, child);
        if (_stopping.IsCancellationRequested)
            Stop();
        await child.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        Volatile.Write(ref _child, null);
        _previousExitCode = child.ExitCode;
        return child.ExitCode;
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        Stop();
    }

    /// <summary>Has the child say goodbye to everyone and end.</summary>
    private void Stop()
    {
        _stopping.Cancel();
        try
        {
            if (Volatile.Read(ref _child) is not { HasExited: false } child)
                return;
            if (OperatingSystem.IsWindows())
                child.Kill();
            else
                _ = Signal(child.Id, Terminate);
        }
        catch (InvalidOperationException)
        {
            // It has ended in this moment.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
