namespace Chat.Hooks;

/// <summary>What a guard decides about a final message.</summary>
/// <remarks>A synchronous guard returns it as it is: it converts to a completed <see cref="ValueTask{TResult}"/>.</remarks>
public sealed class Verdict
{
    private Verdict(string? reason) => Reason = reason;

    /// <summary>The message may be sent.</summary>
    public static Verdict Allow { get; } = new(null);

    /// <summary>Why it may not be sent; <see langword="null"/> when it may.</summary>
    public string? Reason { get; }

    /// <summary>The message may not be sent; the sender alone is told why.</summary>
    /// <param name="reason">What the sender reads.</param>
    public static Verdict Deny(string reason) => new(reason ?? throw new ArgumentNullException(nameof(reason)));

    /// <summary>Makes a verdict an already completed task, so that a plain lambda can be a guard.</summary>
    /// <param name="verdict">The verdict.</param>
    public static implicit operator ValueTask<Verdict>(Verdict verdict) => new(verdict);

    /// <summary>The same verdict as a completed task.</summary>
    public ValueTask<Verdict> ToValueTask() => new(this);
}
