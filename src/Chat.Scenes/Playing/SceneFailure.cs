using System.Globalization;
using System.Text;

namespace Chat.Scenes.Playing;

/// <summary>The description of a failed scene: where, what, everything that everybody saw, and why.</summary>
internal sealed class SceneFailure(string name, int line, string what, IReadOnlyList<Person> people, IStage stage)
{
    private const int MostLines = 40;

    /// <summary>The description if a line did not arrive.</summary>
    public static string Missing(Sees step, IReadOnlyList<string> seen, string why) =>
        seen.Count == 0
            ? $"{Expected(step)}\nbut {why}."
            : $"{Expected(step)}\nbut saw\n{Indent(seen)}\nand then {why}.";

    /// <summary>The description if a different line arrived.</summary>
    public static string Different(Sees step, IReadOnlyList<string> seen, bool comesLater)
    {
        var advice = comesLater
            ? $"\nThat line came later. To read on until it comes: {step.Who} sees ... TEXT"
            : "";
        return $"{Expected(step)}\nbut saw\n{Indent(seen)}{advice}";
    }

    /// <summary>Several lines, separated by <c>\n</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{name}:{line}: {what}\n");
        if (people.Count > 0)
            text.Append("\nLines seen: + as expected, - skipped, > wrong, ? not asked for yet\n");
        foreach (var person in people)
            AppendSeen(text, person);
        var wrong = people.SelectMany(person => person.Lines).FirstOrDefault(seen => seen.Mark == SeenMark.Wrong);
        if (stage.Explain(wrong?.Text) is { Length: > 0 } explanation)
            text.Append('\n').Append(explanation).Append('\n');
        if (stage.Warnings is { Count: > 0 } warnings)
            text.Append("\nThe log says\n").Append(Indent(warnings)).Append('\n');
        return text.ToString().TrimEnd();
    }

    private static string Expected(Sees step)
    {
        var when = step.ReadsOn ? ", sooner or later," : "";
        return $"{step.Who} should have seen{when}\n{Indent(step.Patterns.Select(pattern => pattern.ToString()))}";
    }

    private static string Indent(IEnumerable<string> lines) => string.Join('\n', lines.Select(each => $"  {each}"));

    private static void AppendSeen(StringBuilder text, Person person)
    {
        var lines = person.Lines;
        text.Append(CultureInfo.InvariantCulture, $"{person.Name} saw\n");
        if (lines.Count > MostLines)
            text.Append(CultureInfo.InvariantCulture, $"  … {lines.Count - MostLines} lines …\n");
        foreach (var seen in lines.TakeLast(MostLines))
            text.Append("  ").Append(Sign(seen.Mark)).Append(' ').Append(seen.Text).Append('\n');
    }

    private static char Sign(SeenMark mark) => mark switch
    {
        SeenMark.AsExpected => '+',
        SeenMark.Skipped => '-',
        SeenMark.Wrong => '>',
        _ => '?',
    };
}
