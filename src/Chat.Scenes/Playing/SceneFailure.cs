using System.Globalization;
using System.Text;
using Chat.Scenes.Language;
using Chat.Scenes.Stages;

namespace Chat.Scenes.Playing;

/// <summary>What is told of a scene that did not go as it is written: where, what, all that everybody saw, and how that came about.</summary>
/// <param name="name">The scene's name.</param>
/// <param name="line">Where in the scene.</param>
/// <param name="what">What was expected and what came.</param>
/// <param name="people">Everybody, in the order they came.</param>
/// <param name="stage">What the scene was played on.</param>
internal sealed class SceneFailure(string name, int line, string what, IReadOnlyList<Person> people, IStage stage)
{
    private const int MostLines = 40;

    /// <summary>What to tell when a line did not come.</summary>
    public static string Missing(Sees step, IReadOnlyList<string> seen, string why) =>
        seen.Count == 0 ? $"{Expected(step)}\nbut {why}." : $"{Expected(step)}\nbut saw\n{Indent(seen)}\nand then {why}.";

    /// <summary>What to tell when another line came.</summary>
    /// <param name="step">What was expected.</param>
    /// <param name="seen">What came, the last of it being wrong.</param>
    /// <param name="comesLater">Whether the line that was expected came later.</param>
    public static string Different(Sees step, IReadOnlyList<string> seen, bool comesLater) =>
        $"{Expected(step)}\nbut saw\n{Indent(seen)}{(comesLater ? $"\nThat line came later. To read on until it comes: {step.Who} sees ... TEXT" : "")}";

    /// <summary>Several lines parted by <c>\n</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{name}:{line}: {what}\n");
        if (people.Count > 0)
            text.Append("\nLines seen: + as written, - passed over, > wrong, ? not asked for yet\n");
        foreach (var person in people)
            AppendSeen(text, person);
        if (stage.Explain(people.SelectMany(person => person.Lines).FirstOrDefault(seen => seen.Mark == SeenMark.Wrong)?.Text) is { Length: > 0 } explanation)
            text.Append('\n').Append(explanation).Append('\n');
        if (stage.Warnings is { Count: > 0 } warnings)
            text.Append("\nThe log says\n").Append(Indent(warnings)).Append('\n');
        return text.ToString().TrimEnd();
    }

    private static string Expected(Sees step) =>
        $"{step.Who} was to see{(step.ReadsOn ? ", sooner or later," : "")}\n{Indent(step.Patterns.Select(pattern => pattern.ToString()))}";

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
        SeenMark.AsWritten => '+',
        SeenMark.PassedOver => '-',
        SeenMark.Wrong => '>',
        _ => '?',
    };
}
