namespace Chat.Hooks;

/// <summary>A guard's verdict on a final message.</summary>
/// <remarks>A synchronous guard can return it directly: it converts to a completed
/// <see cref="ValueTask{TResult}"/>.</remarks>
public sealed class Verdict
{
    private Verdict(string? reason) => Reason = reason;

    /// <summary>Allows the message.</summary>
    public static Verdict Allow { get; } = new(null);

    /// <summary>The reason why the message is denied; <see langword="null"/> if it is allowed.</summary>
    public string? Reason { get; }

    /// <summary>Denies the message and tells the sender why.</summary>
    /// <param name="reason">The reason, shown to the sender only.</param>
    public static Verdict Deny(string reason) => new(reason ?? throw new ArgumentNullException(nameof(reason)));

    /// <summary>Converts a verdict to a completed task, so that a plain lambda can be a guard.</summary>
    /// <param name="verdict">The verdict.</param>
    public static implicit operator ValueTask<Verdict>(Verdict verdict) => new(verdict);

    /// <summary>Returns the verdict as a completed task.</summary>
    public ValueTask<Verdict> ToValueTask() => new(this);
}
