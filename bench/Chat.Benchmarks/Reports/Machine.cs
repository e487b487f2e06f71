using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Chat.Benchmarks.Reports;

/// <summary>What a number was measured on: without that it says nothing.</summary>
internal static class Machine
{
    /// <summary>One fact each.</summary>
    public static IEnumerable<string> Facts()
    {
        yield return $"date: {TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC";
        if (Run("git", "rev-parse", "--short", "HEAD") is { } commit)
        {
            var changes = string.IsNullOrEmpty(Run("git", "status", "--porcelain")) ? "" : ", with changes";
            yield return $"commit: {commit}{changes}";
        }

        yield return $"machine: {Environment.ProcessorCount} cores, {Processor()}, {RuntimeInformation.OSDescription}";
        var collector = System.Runtime.GCSettings.IsServerGC ? "server" : "workstation";
        yield return $"runtime: {RuntimeInformation.FrameworkDescription}, {collector} GC";
        if (File.Exists("/proc/loadavg"))
            yield return "load average of the machine when it "
                + $"began: {string.Join(", ", File.ReadAllText("/proc/loadavg").Split(' ')[..3])}";
    }

    private static string Processor()
    {
        if (!File.Exists("/proc/cpuinfo"))
            return RuntimeInformation.ProcessArchitecture.ToString();
        return File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[^1].Trim()
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }

    private static string? Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
