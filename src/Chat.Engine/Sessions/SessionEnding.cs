namespace Chat.Engine.Sessions;

/// <summary>How and when a session ends: the first reason counts. Also ends its read loop, and the hook it may be
/// waiting for. Safe from any thread. Never disposed: it may be cancelled just after the session has closed, and there
/// is nothing to release.</summary>
internal sealed class SessionEnding : CancellationTokenSource
{
    /// <summary>The reason if the server itself has failed.</summary>
    public const string InternalError = "internal error";

    private SessionEnd? _end;

    /// <summary>Whether there is a reason to end, even if the session is still closing.</summary>
    public bool HasEnded => Volatile.Read(ref _end) is not null;

    /// <summary>Whether the server ended the session: lines the user has already typed are no longer handled.</summary>
    public bool IsByServer => Volatile.Read(ref _end) is { IsByServer: true };

    /// <summary>The reason, for the log and the others; <see langword="null"/> if the client left by itself.</summary>
    public string? Reason => Volatile.Read(ref _end)?.Reason;

    /// <summary>Records how the session ends, unless that is known already.</summary>
    public bool TryEnd(string reason, bool isByServer = false) =>
        Interlocked.CompareExchange(ref _end, new SessionEnd(reason, isByServer), null) is null;

    /// <summary>Records that the session ends because something failed.</summary>
    /// <returns>The rule that the client broke, for which it is to be disconnected at once; <see langword="null"/> if
    /// it broke none.</returns>
    public string? Fail(Exception failure, string sessionId, ILogger logger)
    {
        if (failure is InvalidDataException)
            return failure.Message;
        if (failure is IOException or OperationCanceledException or ObjectDisposedException)
        {
            TryEnd("connection lost");
        }
        else
        {
            TryEnd(InternalError);
            EngineLog.SessionFailed(logger, failure, sessionId);
        }

        return null;
    }

    private sealed record SessionEnd(string Reason, bool IsByServer);
}
