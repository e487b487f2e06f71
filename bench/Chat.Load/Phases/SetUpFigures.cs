namespace Chat.Load.Phases;

/// <summary>What was seen until all clients were in their rooms. Memory is resident, in kB.</summary>
internal sealed record SetUpFigures
{
    public double ConnectSeconds { get; init; }

    public double JoinSeconds { get; init; }

    public double BarrierSeconds { get; init; }

    /// <summary>What the server used until all were connected.</summary>
    public double CpuSeconds { get; init; }

    public long MemoryBefore { get; init; }

    public long MemoryConnected { get; init; }

    public long MemoryJoined { get; init; }

    public int OpenFiles { get; init; }

    public long KernelMemoryBefore { get; init; }

    public long KernelMemoryJoined { get; init; }
}
