using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Chat.Benchmarks.Micro;

/// <summary>How micro-benchmarks are run: in this process, so that plugins are loaded as in a server, and with their
/// allocations.</summary>
internal sealed class BenchConfig : ManualConfig
{
    public BenchConfig()
    {
        Add(DefaultConfig.Instance);

        // Of whatever job is asked for: --job Short, say.
        AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).AsMutator());
        AddDiagnoser(MemoryDiagnoser.Default);
        WithArtifactsPath(Path.Combine(Path.GetTempPath(), "chat-bench"));
        WithOptions(ConfigOptions.DisableLogFile);
    }
}
