using Chat.Engine.Commands;
using Chat.Engine.Hooks;

namespace Chat.Engine.Registrations;

/// <summary>
/// All hooks and commands at one moment, and how many lines are using them. A line holds one set from its start to its end, so
/// it never sees two versions of a plugin. When the last line has ended it lets go of all: a thread that is stuck in one plugin may still
/// hold the set, and is not to keep the others in memory.
/// </summary>
internal sealed class RegistrationSet(IReadOnlyList<Registration> registrations, HookPipeline pipeline, CommandTable commands)
{
    private readonly TaskCompletionSource<bool> _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlyList<Registration> _registrations = registrations;
    private int _users;
    private volatile bool _retired;

    public HookPipeline Pipeline { get; private set; } = pipeline;

    public CommandTable Commands { get; private set; } = commands;

    /// <summary>Completes when the set has been replaced and the last line that used it has ended.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Whether lines that use this set may call what was registered here.</summary>
    public bool Holds(Registration? registration) => registration is not null && _registrations.Contains(registration);

    public void Enter() => Interlocked.Increment(ref _users);

    public void Exit()
    {
        if (Interlocked.Decrement(ref _users) == 0 && _retired)
            Release();
    }

    /// <summary>Says that no new line will use the set. Called once it has been replaced.</summary>
    public void Retire()
    {
        _retired = true;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _users) == 0)
            Release();
    }

    /// <summary>Whoever enters it now finds that it is not the current one, and uses nothing of it.</summary>
    private void Release()
    {
        Pipeline.Release();
        Pipeline = HookPipeline.Empty;
        Commands = CommandTable.Empty;
        _registrations = [];
        _drained.TrySetResult(true);
    }
}
