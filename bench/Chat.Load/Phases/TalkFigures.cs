using Chat.Load.Watching;

namespace Chat.Load.Phases;

/// <summary>What was seen while lines were measured. Memory is resident, in kB.</summary>
internal sealed record TalkFigures
{
    public double Seconds { get; init; }

    /// <summary>Lines sent meanwhile.</summary>
    public long Lines { get; init; }

    public long Deliveries { get; init; }

    /// <summary>Whether its process has ended: then nothing is known of its processor time.</summary>
    public bool IsServerGone { get; init; }

    public CpuTime ServerCpu { get; init; }

    public CpuTime OwnCpu { get; init; }

    /// <summary>Once a second, from the beginning on.</summary>
    public required IReadOnlyList<long> MemorySeries { get; init; }

    public long MemoryEnd { get; init; }

    public long MemoryPeak { get; init; }

    public int OpenFiles { get; init; }

    public long KernelMemoryEnd { get; init; }

    public long WindowResets { get; init; }

    public long DroppedSends { get; init; }
}
