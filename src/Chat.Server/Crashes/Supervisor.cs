using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Chat.Server.Crashes;

/// <summary>Runs the server as a child process and restarts it when it crashes: at once the first time, then after a
/// growing pause.</summary>
internal sealed partial class Supervisor(IReadOnlyList<string> arguments, TextWriter output, TimeProvider clock)
{
    /// <summary>Tells the child the id of its supervisor.</summary>
    private const string Variable = "CHAT_SUPERVISOR";

    private const int Ok = 0, NotStarted = 1, Usage = 2, Terminate = 15;

    private static readonly int[] _pauses = [0, 1, 2, 4, 5];

    /// <summary>A server that has run for this long is restarted without a pause again.</summary>
    private static readonly TimeSpan _longLife = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private int? _previousExitCode;
    private Process? _child;

    /// <summary>In the child: stops it when the supervisor has ended, in whatever way.</summary>
    public static async Task StopWithAsync(CancellationTokenSource stopping)
    {
        var value = Environment.GetEnvironmentVariable(Variable);
        if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
            return;
        try
        {
            using var supervisor = Process.GetProcessById(id);
            await supervisor.WaitForExitAsync(stopping.Token).ConfigureAwait(false);
        }
        catch (ArgumentException)
        {
            // It has ended already.
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await stopping.CancelAsync().ConfigureAwait(false);
    }

    /// <summary>Runs the server until it stops by itself or is told to stop.</summary>
    /// <returns>The exit code of the server.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        using var asked = cancellationToken.Register(Stop);
        using var signals = new StopSignals(Stop);
        var isFirst = true;
        for (var deaths = 0; ; deaths++)
        {
            var started = clock.GetTimestamp();
            var exitCode = await RunChildAsync().ConfigureAwait(false);

            // If the first start fails, the user has to read why. Later, the cause may pass, such as an address in use.
            if (exitCode is Ok or Usage || (isFirst && exitCode == NotStarted) || _stopping.IsCancellationRequested)
                return exitCode;
            isFirst = false;
            if (clock.GetElapsedTime(started) >= _longLife)
                deaths = 0;
            var pause = _pauses[Math.Min(deaths, _pauses.Length - 1)];
            var next = pause == 0 ? "now" : string.Create(CultureInfo.InvariantCulture, $"in {pause} s");
            var reason = ExitReason.Of(exitCode);
            await output.WriteLineAsync($"chat-server: the server crashed: {reason}. It restarts {next}.")
                .ConfigureAwait(false);
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

    /// <summary>Makes the child say goodbye to everyone and end.</summary>
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
            // It has just ended.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
