namespace Chat.Engine.Registrations;

/// <summary>A snapshot of all hooks and commands, with a count of the lines that use it. A line uses one set from start
/// to end, so it never sees two versions of a plugin. A replaced set releases its contents when its last line ends: a
/// thread stuck in one plugin may still reference the set, and must not keep the other plugins in memory.</summary>
internal sealed class RegistrationSet(
    IReadOnlyList<Registration> registrations, HookPipeline pipeline, CommandTable commands)
{
    private readonly TaskCompletionSource<bool> _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IReadOnlyList<Registration> _registrations = registrations;
    private int _users;
    private volatile bool _retired;

    public HookPipeline Pipeline { get; private set; } = pipeline;
    public CommandTable Commands { get; private set; } = commands;

    /// <summary>A task that completes when the set has been replaced and the last line that used it has
    /// ended.</summary>
    public Task Drained => _drained.Task;

    /// <summary>Returns whether lines that use this set may call into a registration.</summary>
    public bool Holds(Registration? registration) => registration is not null && _registrations.Contains(registration);

    public void Enter() => Interlocked.Increment(ref _users);

    public void Exit()
    {
        if (Interlocked.Decrement(ref _users) == 0 && _retired)
            Release();
    }

    /// <summary>Marks the set as replaced, so no new line will use it.</summary>
    public void Retire()
    {
        _retired = true;
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _users) == 0)
            Release();
    }

    /// <summary>Releases the contents. A line that enters the set now finds that it is not current and does not use
    /// it.</summary>
    private void Release()
    {
        Pipeline.Release();
        Pipeline = HookPipeline.Empty;
        Commands = CommandTable.Empty;
        _registrations = [];
        _drained.TrySetResult(true);
    }
}
