using Chat.Load.Clients;
using Chat.Load.Counting;
using Chat.Load.Sockets;
using Chat.Load.Watching;
using Chat.Load.Wire;

namespace Chat.Load.Phases;

/// <summary>Brings all clients to the server and into their rooms, and sees to it that each hears its room.</summary>
internal sealed class SetUp(LoadOptions options, Crowd crowd, IWire wire, WatchedProcess server)
{
    private const long AcceptPatience = 3 * Clock.Second,
        ProbeEvery = 2 * Clock.Second,
        Quiet = 200 * Clock.Millisecond;

    private readonly Seating _seating = options.Seating;
    private readonly Target _target = new(options.Host, options.Port, options.Receivers);
    private readonly long _deadline = Clock.Now + Clock.Of(options.SetupTimeoutSeconds);

    private Census Census => crowd.Census;

    /// <exception cref="LoadException">It did not work, or not in time.</exception>
    public SetUpFigures Run()
    {
        if (server.IsWatched && !server.IsAlive)
            throw new LoadException(
                ExitCode.ServerGone, $"There is no process {options.Pid}: the server is gone, or --pid is not its id.");
        OpenFiles.Need(options.Receivers);
        var figures =
            new SetUpFigures { MemoryBefore = server.Resident, KernelMemoryBefore = ProcFile.KernelTcpMemory() };
        var cpu = server.Cpu();
        figures = figures with { ConnectSeconds = Timed(Connect) };
        crowd.PumpUntil(Clock.Now + (options.SettleMilliseconds * Clock.Millisecond));
        figures = figures with
        {
            MemoryConnected = server.Resident,
            OpenFiles = server.OpenFiles,
            CpuSeconds = (server.Cpu() - cpu).Total,
        };
        figures = figures with { JoinSeconds = Timed(Join), BarrierSeconds = Timed(WaitUntilAllHear) };
        crowd.PumpUntil(Clock.Now + Quiet);
        crowd.Stall();
        return figures with { MemoryJoined = server.Resident, KernelMemoryJoined = ProcFile.KernelTcpMemory() };
    }

    /// <summary>Only so many at a time are on their way: neither registered, nor (as its open files tell) accepted by
    /// the server.</summary>
    private void Connect()
    {
        var before = server.OpenFiles;
        var (next, stuckSince) = (0, Clock.Now);
        while (Census.Registered < options.Receivers)
        {
            var allowed = Math.Min(Census.Registered, before < 0 ? int.MaxValue : Accepted(before))
                + options.Concurrency;
            if (allowed <= next && Clock.Now - stuckSince > AcceptPatience)
                allowed = next + 1;
            for (; next < Math.Min(allowed, options.Receivers); next++)
            {
                crowd.Connect(next, _target);
                stuckSince = Clock.Now;
            }

            Step("had registered", Census.Registered);
        }

        for (var until = Clock.Now + (5 * Clock.Second); before >= 0
            && Accepted(before) < options.Receivers && Clock.Now < until;)
            crowd.Pump(2 * Clock.Millisecond);
    }

    private int Accepted(int before) => server.OpenFiles is var open and >= 0 ? open - before
        : throw new LoadException(
            ExitCode.ServerGone,
            $"The server has gone after {Census.Registered} of {options.Receivers} clients had registered.");

    private void Join()
    {
        for (var next = 0; Census.Joined < options.Receivers;)
        {
            for (; next < Math.Min(Census.Joined + options.Concurrency, options.Receivers); next++)
            {
                crowd.Clients[next].BeginJoining();
                wire.Join(crowd.Clients[next]);
            }

            Step("had joined", Census.Joined);
        }
    }

    /// <summary>The first of each room speaks now and then, until all have heard that.</summary>
    private void WaitUntilAllHear()
    {
        var output = new byte[options.Size + 256];
        var speakers = crowd.Clients.Take(_seating.UsedRooms).ToList();
        if (!_seating.Echo)
            speakers.ForEach(speaker => speaker.Hear());
        for (var probeAt = 0L; Census.Hearing < options.Receivers;)
        {
            if (Clock.Now >= probeAt)
            {
                foreach (var speaker in speakers)
                    speaker.Send(Probe(speaker.Room, output));
                probeAt = Clock.Now + ProbeEvery;
            }

            Step("heard their room", Census.Hearing);
        }
    }

    private ReadOnlySpan<byte> Probe(int room, byte[] output)
    {
        Span<byte> text = stackalloc byte[LoadOptions.MaxSize + Marker.MaxBytes];
        return output.AsSpan(0, wire.Write(room, text[..LineSplitter.ProbeOf(room).Write(text, options.Size)], output));
    }

    private void Step(string what, int howMany)
    {
        crowd.Pump(Clock.Millisecond);
        if (Census.Ended + Census.StalledEnded > 0)
        {
            throw server.IsWatched && !server.IsAlive
                ? new LoadException(
                    ExitCode.ServerGone, $"The server has gone after {howMany} of {options.Receivers} clients {what}.")
                : new LoadException(
                    ExitCode.SetUpFailed,
                    $"After {howMany} of {options.Receivers} clients {what} one was lost: {Census.LastError}. Does the "
                        + $"server at {_target} run, and speak {options.Proto.Name()}?");
        }

        if (Clock.Now > _deadline)
            throw new LoadException(
                ExitCode.SetUpTimeout,
                $"After {options.SetupTimeoutSeconds} s only {howMany} of {options.Receivers} clients {what}; the last "
                    + $"error: {(Census.LastError is "" ? "none" : Census.LastError)}. Give it more time with "
                    + "--setup-timeout, or look at the server.");
    }

    private static double Timed(Action phase)
    {
        var start = Clock.Now;
        phase();
        return Clock.Seconds(Clock.Now - start);
    }
}
