namespace Chat.PluginHost.Doctor;

/// <summary>One thing the doctor has found.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Where">The file, with line and column if they are known.</param>
/// <param name="Problem">What is wrong, in whole sentences that follow <c>where: </c>.</param>
/// <param name="Fix">What to do about it; <see langword="null"/> if there is nothing to do.</param>
public sealed record Finding(FindingSeverity Severity, string Where, string Problem, string? Fix)
{
    /// <summary>Whether the host does not load the plugin because of it: a failed dry run then has nothing to
    /// add.</summary>
    internal bool KeepsFromLoading { get; init; }

    /// <summary>An error that keeps the host from loading the plugin.</summary>
    internal static Finding Fatal(string where, string problem, string fix) =>
        new(FindingSeverity.Error, where, problem, fix) { KeepsFromLoading = true };

    /// <summary>Makes a finding of a message with a location in front: <c>where: what is wrong</c>.</summary>
    /// <param name="message">The host's message.</param>
    /// <param name="fix">What to do.</param>
    internal static Finding Placed(string message, string fix)
    {
        var text = message.ReplaceLineEndings(" ");
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon < 0 ? Fatal("", text, fix) : Fatal(text[..colon], text[(colon + 2)..], fix);
    }

    /// <summary>Makes a finding of a message in the form in which the host refuses a plugin: <c>where: what is wrong.
    /// Fix.</c></summary>
    /// <param name="message">The host's message.</param>
    /// <param name="otherwise">What to do if the message does not say.</param>
    internal static Finding Refusal(string message, string otherwise)
    {
        var whole = Placed(message, otherwise);
        var end = whole.Problem.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? whole : whole with { Problem = whole.Problem[..(end + 1)], Fix = whole.Problem[(end + 2)..] };
    }
}
