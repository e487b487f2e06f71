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
}
