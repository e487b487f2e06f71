using Chat.Engine.Commands;
using Chat.Engine.Hooks;

namespace Chat.Engine.Registrations;

/// <summary>
/// All hooks and commands at one moment, and how many lines are using them. A line holds one set from its start to its end, so
/// it never sees two versions of a plugin.
/// </summary>
internal sealed class RegistrationSet(IReadOnlyList<Registration> registrations, HookPipeline pipeline, CommandTable commands)
{
    private readonly TaskCompletionSource<bool> _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _users;
    private volatile bool _retired;

    public HookPipeline Pipeline { get; } = pipeline;

    public CommandTable Commands { get; } = commands;

    /// <summary>Completes when the set has been replaced and the last line that used it has ended.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Whether lines that use this set may call what was registered here.</summary>
    public bool Holds(Registration? registration) => registration is not null && registrations.Contains(registration);

    public void Enter() => Interlocked.Increment(ref _users);

    public void Exit()
    {
        if (Interlocked.Decrement(ref _users) == 0 && _retired)
            _drained.TrySetResult(true);
    }

    /// <summary>Says that no new line will use the set. Called once it has been replaced.</summary>
    public void Retire()
    {
        _retired = true;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _users) == 0)
            _drained.TrySetResult(true);
    }
}
