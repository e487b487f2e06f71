using Chat.Load.Counting;
using Chat.Load.Wire;

namespace Chat.Load;

/// <summary>What is asked for on the command line, which explains each.</summary>
internal sealed record LoadOptions
{
    public const int MaxSize = 4000, MaxWindow = 10_000, MaxClients = 900_000;

    // Each takes 16 bytes.
    private const long MaxPairs = 100_000_000;

    public string Host { get; init; } = "127.0.0.1";

    public required int Port { get; init; }

    public WireKind Proto { get; init; }

    public int Receivers { get; init; } = 10;

    public int Senders { get; init; } = 1;

    /// <summary>Lines a second in all; 0: as many as go.</summary>
    public double Rate { get; init; }

    public int Size { get; init; } = 64;

    public double DurationSeconds { get; init; } = 10;

    public double WarmupSeconds { get; init; } = 1;

    public int Window { get; init; } = 64;

    /// <summary>0: no process is watched.</summary>
    public int Pid { get; init; }

    public int Rooms { get; init; } = 1;

    public string? JoinCommand { get; init; }

    public string? NickCommand { get; init; }

    public int Stalled { get; init; }

    /// <summary>0: as many as the time allows.</summary>
    public long Lines { get; init; }

    /// <summary><see langword="null"/>: as is usual for the protocol.</summary>
    public bool? Echo { get; init; }

    public int SettleMilliseconds { get; init; } = 500;

    public int SetupTimeoutSeconds { get; init; } = 120;

    public int Concurrency { get; init; } = 64;

    public string Label { get; init; } = "";

    public string Path { get; init; } = "/chat";

    /// <summary>How long nothing may come, at the end, until what is missing counts as lost; and how long stalled
    /// clients are read out.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    public Seating Seating => new(Receivers, Senders, Rooms, Stalled, Echo ?? Proto.Echoes());

    /// <summary>What does not go together, and what to do about it; <see langword="null"/> if all does.</summary>
    public string? Problem()
    {
        if (Senders + Stalled > Receivers)
            return $"--senders {Senders} and --stalled {Stalled} are different clients of the {Receivers} that "
                + "--receivers gives: raise that, or ask for fewer of them.";
        if (Rooms > 1 && Proto == WireKind.Line && JoinCommand is null)
            return $"With --rooms {Rooms} and plain lines it must be known how to enter a room: add --join-cmd, as "
                + "--join-cmd \"/join r%d\".";
        if ((long)Receivers * Seating.SendersPerRoom > MaxPairs)
            return $"{Receivers} receivers of up to {Seating.SendersPerRoom} senders in a room are more pairs than I "
                + "can follow: ask for fewer --senders, or more --rooms.";
        return null;
    }
}
