using Chat.Load.Clients;
using Chat.Load.Counting;
using Chat.Load.Phases;
using Chat.Load.Watching;
using Chat.Load.Wire;

namespace Chat.Load;

/// <summary>One measurement, from the first connection to the last line.</summary>
internal static class LoadRun
{
    /// <exception cref="LoadException">The clients could not all be brought into their rooms.</exception>
    public static LoadResult Execute(LoadOptions options)
    {
        if (!OperatingSystem.IsLinux())
            throw new LoadException(ExitCode.NotLinux, "I wait with epoll and read /proc: run me on Linux.");
        var server = new WatchedProcess(options.Pid);
        var wire = WireKinds.Create(options);
        var tally = new Tally(options.Seating);
        using var crowd = new Crowd(options.Seating, wire, tally);
        var setUp = new SetUp(options, crowd, wire, server).Run();
        var before = crowd.BytesReceived;
        var mouth = new Mouth(options, crowd, wire, tally);
        ITalk talk = options is { Rate: > 0, Senders: > 0 }
            ? new PacedTalk(mouth, tally, options.Rate)
            : new SaturatingTalk(mouth, options.Window);
        var talked = new Conversation(options, crowd, talk, tally, server).Run();
        var received = crowd.BytesReceived - before;
        crowd.ReadStalled(Clock.Of(options.Patience.TotalSeconds));
        return new LoadResult(options, tally, crowd.Census, setUp, talked, received, crowd.StalledBytes);
    }
}
