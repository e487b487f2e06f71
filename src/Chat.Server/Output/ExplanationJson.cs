using System.Text.Json;
using System.Text.Json.Serialization;

namespace Chat.Server.Output;

/// <summary>An explanation for programs; docs/reference/command-line.md. Fields are only ever added.</summary>
internal static partial class ExplanationJson
{
    private static readonly ExplanationContext _context = new(JsonText.NewOptions());

    public static string Write(LineExplanation line) => JsonSerializer.Serialize(
        new Line(
            line.Id,
            line.Time,
            line.Sender,
            line.Room,
            line.Recipient,
            line.Text,
            [.. line.Steps.Select(step => new Step(
                step.Stage, step.Hook, step.Source, step.Version, step.Took?.TotalMicroseconds,
                JsonText.Lower(step.Verdict), step.IsShadow, step.Before, step.After, step.Note, step.Replies))],
            [.. line.Ends.Select(end =>
                new End(JsonText.Lower(end.Disposition), end.Text, end.DecidedBy, end.Reason))]),
        _context.Line);

    internal sealed record Line(
        long Id, DateTimeOffset Time, string Sender, string Room, string? Recipient, string Text,
        IReadOnlyList<Step> Steps, IReadOnlyList<End> Ends);

    internal sealed record Step(
        string Stage, string Hook, string Source, int Version, double? Microseconds, string Verdict, bool IsShadow,
        string Before, string? After, string? Note, IReadOnlyList<string> Replies);

    internal sealed record End(string Disposition, string Text, string? DecidedBy, string? Reason);

    [JsonSerializable(typeof(Line))]
    private sealed partial class ExplanationContext : JsonSerializerContext;
}
