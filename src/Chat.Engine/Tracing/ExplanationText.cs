using System.Globalization;
using System.Text;

namespace Chat.Engine.Tracing;

/// <summary>Formats an explanation as an aligned table.</summary>
internal static class ExplanationText
{
    private const int WidestText = 60;

    public static string Of(LineExplanation line)
    {
        var where = line.Recipient is { } recipient ? $"to {recipient} alone" : $"in {line.Room}";
        var header = FormattableString.Invariant(
            $"Line {line.Id}, {line.Sender} {where}, {line.Time:HH:mm:ss}: {line.Text}");
        var text = new StringBuilder(header);
        List<string[]> rows = [["#", "", "hook", "took", "verdict", "text"]];
        foreach (var step in line.Steps)
        {
            rows.Add(
            [
                rows.Count.ToString(CultureInfo.InvariantCulture),
                step.Stage,
                step.Version > 0 ? $"{step.Hook} v{step.Version.ToString(CultureInfo.InvariantCulture)}" : step.Hook,
                Durations.Text(step.Took),
                Verdict(step),
                What(step),
            ]);
        }

        if (line.Steps.Count == 0)
            text.Append("\nNo hook saw it.");
        else
            foreach (var row in TextTable.Lines(rows))
                text.Append("\n  ").Append(row);
        foreach (var end in line.Ends)
            text.Append('\n').Append(Ending(end));
        return text.ToString();
    }

    private static string Verdict(LineStep step)
    {
        var verdict = step.Verdict switch
        {
            StepVerdict.TimedOut => "timed out",
            StepVerdict.Disabled => "disabled",
            _ => step.Verdict.ToString().ToLowerInvariant(),
        };
        var hasHappened = step.Verdict is StepVerdict.Failed or StepVerdict.TimedOut or StepVerdict.Disabled;
        return (step.IsShadow, hasHappened) switch
        {
            (false, _) => verdict,
            (true, true) => $"{verdict} in shadow",
            _ => $"would {verdict}",
        };
    }

    private static string What(LineStep step)
    {
        var parts = new List<string>();
        if (step.After is { } after)
            parts.Add(Shorten(after));
        if (step.Note is { } note)
            parts.Add($"({note})");
        parts.AddRange(step.Replies.Select(reply => $"[told: {Shorten(reply)}]"));
        return string.Join(" ", parts);
    }

    private static string Ending(LineEnd end) => end.Disposition switch
    {
        MessageDisposition.Sent => $"Sent: {end.Text}",
        MessageDisposition.Dropped => $"Dropped by {end.DecidedBy}.",
        MessageDisposition.Failed => $"Not sent, because {end.DecidedBy} failed: {end.Reason}",
        _ => end.DecidedBy is { } hook ? $"Refused by {hook}: {end.Reason}" : $"Not delivered: {end.Reason}",
    };

    private static string Shorten(string text)
    {
        var line = text.Replace('\n', ' ');
        if (line.Length <= WidestText)
            return line;
        var end = char.IsHighSurrogate(line[WidestText - 2]) ? WidestText - 2 : WidestText - 1;
        return line[..end] + "…";
    }
}
