namespace Chat.Engine.Tracing;

/// <summary>One hook or guard that a line passed through.</summary>
/// <param name="Stage"><c>hook</c> or <c>guard</c>.</param>
/// <param name="Hook">The id of the hook or guard.</param>
/// <param name="Source">The file that its plugin was loaded from.</param>
/// <param name="Version">The version of its plugin; 0 if it has none.</param>
/// <param name="Took">The duration of the call; <see langword="null"/> if it was not measured.</param>
/// <param name="Verdict">The result of the call.</param>
/// <param name="IsShadow">Whether it ran in shadow mode, without effect.</param>
/// <param name="Before">The text before the call.</param>
/// <param name="After">The text or texts after the call; <see langword="null"/> if nothing changed.</param>
/// <param name="Note">The reason of a refusal, or the failure; otherwise <see langword="null"/>.</param>
/// <param name="Replies">The replies to the sender.</param>
public sealed record LineStep(
    string Stage, string Hook, string Source, int Version, TimeSpan? Took, StepVerdict Verdict, bool IsShadow,
    string Before, string? After, string? Note, IReadOnlyList<string> Replies);
