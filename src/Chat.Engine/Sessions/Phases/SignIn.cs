namespace Chat.Engine.Sessions.Phases;

/// <summary>Signs a session in, once, although a timer, its first line and its end may want to decide that at the same
/// time.</summary>
internal sealed class SignIn(ISignInOwner owner)
{
    private static readonly Task<bool> _yes = Task.FromResult(true), _no = Task.FromResult(false);

    private Task<bool>? _result;
    private ITimer? _timer;
    private bool _isWanted;
    private string? _wantedNick;

    /// <summary>Signs a guest in after a delay, unless that has happened by then.</summary>
    public async ValueTask TryAfterAsync(TimeSpan delay, TimeProvider clock)
    {
        if (delay == TimeSpan.Zero)
            await TryAsync(null).ConfigureAwait(false);
        else
            _timer = clock.CreateTimer(
                static signIn => _ = ((SignIn)signIn!).TimeUpAsync(), this, delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Tries to sign in, or waits for the attempt that is being made already. Safe from any thread.</summary>
    /// <param name="nick">The nick; <see langword="null"/> for a guest's.</param>
    /// <returns>Whether the session is signed in. If not, another attempt may be made.</returns>
    public ValueTask<bool> TryAsync(string? nick)
    {
        if (Volatile.Read(ref _result) is { } known)
            return new ValueTask<bool>(known);
        var completion = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        return Interlocked.CompareExchange(ref _result, completion.Task, null) is { } other
            ? new ValueTask<bool>(other)
            : AttemptAsync(completion, nick);
    }

    /// <summary>Makes the next <see cref="TryWantedAsync"/> try.</summary>
    public void Want(string? nick) => (_isWanted, _wantedNick) = (true, nick);

    /// <summary>Tries to sign in if that is wanted and has not happened yet.</summary>
    public ValueTask<bool> TryWantedAsync()
    {
        if (!_isWanted)
            return default;
        _isWanted = false;
        return TryAsync(_wantedNick);
    }

    /// <summary>Makes sure that no attempt is made any more.</summary>
    /// <returns>Whether the session is signed in already.</returns>
    public async ValueTask<bool> PreventAsync()
    {
        var result = Interlocked.CompareExchange(ref _result, _no, null) ?? _no;
        await StopTimerAsync().ConfigureAwait(false);
        return await result.ConfigureAwait(false);
    }

    private async Task TimeUpAsync()
    {
        try
        {
            await TryAsync(null).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            owner.Failed(exception);
        }
    }

    private async ValueTask<bool> AttemptAsync(TaskCompletionSource<bool> completion, string? nick)
    {
        var isSignedIn = false;
        try
        {
            return isSignedIn = await owner.SignInAsync(nick).ConfigureAwait(false);
        }
        finally
        {
            await StopTimerAsync().ConfigureAwait(false);
            Volatile.Write(ref _result, isSignedIn ? _yes : null);
            completion.TrySetResult(isSignedIn);
        }
    }

    private ValueTask StopTimerAsync() => Interlocked.Exchange(ref _timer, null)?.DisposeAsync() ?? default;
}
