namespace Chat.Engine;

/// <summary>An option has a value it cannot have.</summary>
/// <param name="option">The option's name.</param>
/// <param name="problem">The rule and the value, to follow the name in a sentence.</param>
public sealed class ChatOptionsException(string option, string problem) : ArgumentException($"{option} {problem}.")
{
    /// <summary>The option's name.</summary>
    public string Option { get; } = option;

    /// <summary>The rule and the value, to follow the name in a sentence.</summary>
    public string Problem { get; } = problem;

    /// <summary>Checks that a value is within a range, ends included.</summary>
    /// <param name="value">The value.</param>
    /// <param name="lowest">The lowest it may be.</param>
    /// <param name="highest">The highest it may be.</param>
    /// <param name="option">The option's name.</param>
    /// <exception cref="ChatOptionsException">It is not.</exception>
    public static void ThrowIfOutOfRange<T>(T value, T lowest, T highest, string option)
        where T : IComparable<T>
    {
        if (value.CompareTo(lowest) < 0 || value.CompareTo(highest) > 0)
            throw new ChatOptionsException(option, $"must be from {lowest} to {highest}, but is {value}");
    }

    /// <summary>Checks that a text says something.</summary>
    /// <param name="value">The text.</param>
    /// <param name="option">The option's name.</param>
    /// <exception cref="ChatOptionsException">It is empty.</exception>
    public static void ThrowIfEmpty(string? value, string option)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ChatOptionsException(option, "must not be empty");
    }
}
