namespace Chat.Engine.Tracing;

/// <summary>One hook or guard a line went through.</summary>
/// <param name="Stage"><c>hook</c> or <c>guard</c>.</param>
/// <param name="Hook">Its id.</param>
/// <param name="Source">What its plugin was loaded from.</param>
/// <param name="Version">The version of its plugin; 0 when it has none.</param>
/// <param name="Took">How long it took; <see langword="null"/> when that was not measured.</param>
/// <param name="Verdict">What it did.</param>
/// <param name="IsShadow">Whether it only showed what it would do.</param>
/// <param name="Before">The text it saw.</param>
/// <param name="After">The text or texts it left; <see langword="null"/> when it changed none.</param>
/// <param name="Note">Why: the reason of a refusal, or what failed; else <see langword="null"/>.</param>
/// <param name="Replies">What it told the sender.</param>
public sealed record LineStep(
    string Stage, string Hook, string Source, int Version, TimeSpan? Took, StepVerdict Verdict, bool IsShadow, string Before, string? After, string? Note, IReadOnlyList<string> Replies);
