using System.Diagnostics;
using System.Globalization;
using Chat.Benchmarks.Running;

namespace Chat.Benchmarks;

/// <summary>The start of a host with a script, in a process that has not compiled anything yet.</summary>
internal static class StartRun
{
    /// <summary>Starts a process that measures it.</summary>
    /// <param name="folder">Where its files go. What a second start finds of the first is in here.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<TimeSpan> InOwnProcessAsync(string folder, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", [typeof(StartRun).Assembly.Location, "start", folder]) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return TimeSpan.FromMilliseconds(double.Parse(output, CultureInfo.InvariantCulture));
    }

    /// <summary>Measures it here, and prints the milliseconds.</summary>
    public static async Task<int> RunAsync(string folder, CancellationToken cancellationToken)
    {
        await using var chat = new BenchChat(folder);

        // What a host with no plugin does as well is not a script's.
        await using (var empty = new BenchChat())
            await empty.StartAsync(cancellationToken);
        chat.Save("stamp.csx", StampedLine.ScriptFor(0));
        var began = TimeProvider.System.GetTimestamp();
        await chat.StartAsync(cancellationToken);
        await Console.Out.WriteLineAsync(
            TimeProvider.System.GetElapsedTime(began).TotalMilliseconds.ToString("0.0", CultureInfo.InvariantCulture));
        return 0;
    }
}
