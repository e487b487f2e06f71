namespace Chat.Engine;

/// <summary>The exception that is thrown if an option has an invalid value.</summary>
/// <param name="option">The option's name.</param>
/// <param name="problem">The rule and the value, worded to follow the option's name in a sentence.</param>
public sealed class ChatOptionsException(string option, string problem) : ArgumentException($"{option} {problem}.")
{
    /// <summary>The option's name.</summary>
    public string Option { get; } = option;

    /// <summary>The rule and the value, worded to follow the option's name in a sentence.</summary>
    public string Problem { get; } = problem;

    /// <summary>Throws if a value is outside a range, ends included.</summary>
    /// <param name="value">The value.</param>
    /// <param name="lowest">The lowest allowed value.</param>
    /// <param name="highest">The highest allowed value.</param>
    /// <param name="option">The option's name.</param>
    /// <exception cref="ChatOptionsException">The value is out of range.</exception>
    public static void ThrowIfOutOfRange<T>(T value, T lowest, T highest, string option)
        where T : IComparable<T>
    {
        if (value.CompareTo(lowest) < 0 || value.CompareTo(highest) > 0)
            throw new ChatOptionsException(option, $"must be from {lowest} to {highest}, but is {value}");
    }

    /// <summary>Throws if a text is empty or white space.</summary>
    /// <param name="value">The text.</param>
    /// <param name="option">The option's name.</param>
    /// <exception cref="ChatOptionsException">The text is empty or white space.</exception>
    public static void ThrowIfEmpty(string? value, string option)
    {
        if (string.IsNullOrWhiteSpace(value))
            throw new ChatOptionsException(option, "must not be empty");
    }
}
