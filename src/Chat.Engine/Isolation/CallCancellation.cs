namespace Chat.Engine.Isolation;

/// <summary>
/// What tells the calls of one runner that nobody waits for them any more. Always on the pool, and apart from whatever else ends with the runner's
/// owner: what plugins have registered on the token runs with it, and may block.
/// </summary>
internal sealed class CallCancellation : IDisposable
{
    // Never disposed: it may yet be set, asked or forgotten when it has been let go of, and holds nothing.
    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _registration;

    /// <param name="ending">Set when the runner's owner ends; then this ends too.</param>
    public CallCancellation(CancellationToken ending)
    {
        Token = _source.Token;
        _registration = ending.Register(static self => ((CallCancellation)self!).End(), this);
    }

    /// <summary>What is handed to plugins.</summary>
    public CancellationToken Token { get; }

    /// <summary>Sets the token. Once it is set it stays so.</summary>
    public void End() => _ = Task.Run(Cancel);

    /// <summary>Lets go of the owner.</summary>
    public void Dispose() => _registration.Dispose();

#if NET
    /// <summary>Lets go of what has been registered on the token, if it is not set.</summary>
    public void Forget() => _source.TryReset();
#endif

    private void Cancel()
    {
        try
        {
            _source.Cancel();
        }
        catch (AggregateException)
        {
            // What a plugin does on being cancelled is its own affair.
        }
        finally
        {
            Dispose();
        }
    }
}
