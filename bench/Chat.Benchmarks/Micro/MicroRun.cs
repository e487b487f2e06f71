using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using Chat.Benchmarks.Reports;

namespace Chat.Benchmarks.Micro;

/// <summary>Runs the micro-benchmarks and makes one report of their tables.</summary>
internal static class MicroRun
{
    /// <returns>The exit code: 1 when nothing was measured.</returns>
    public static async Task<int> RunAsync(string[] arguments, FileInfo? results)
    {
        if (!arguments.Contains("--filter"))
            arguments = [.. arguments, "--filter", "*"];
        var summaries =
            BenchmarkSwitcher.FromAssembly(typeof(MicroRun).Assembly).Run(arguments, new BenchConfig()).ToList();
        var report = new BenchReport("Micro-benchmarks");
        foreach (var summary in summaries)
        {
            var table = new AccumulationLogger();
            MarkdownExporter.GitHub.ExportToLog(summary, table);
            report.Add(table.GetLog().Trim());
        }

        await report.PublishAsync(results);
        return summaries.Count > 0 && summaries.TrueForAll(summary => !summary.HasCriticalValidationErrors
            && summary.Reports.All(each => each.Success)) ? 0 : 1;
    }
}
