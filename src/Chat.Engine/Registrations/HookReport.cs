using System.Text;
using Chat.Engine.Hooks;
using Chat.Hooks;

namespace Chat.Engine.Registrations;

/// <summary>The hooks in their order and what could not be loaded, as text for people.</summary>
internal sealed class HookReport(RegistrationTable registrations, ProblemBoard problems)
{
    /// <summary>Several lines, parted by <c>\n</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var bindings = registrations.Bindings;
        text.Append(bindings.Count == 0
            ? "No hooks: lines are sent as they are typed."
            : "Each line goes through these hooks, in this order:");
        foreach (var row in Rows(bindings))
            text.Append("\n  ").Append(row);
        var observers = registrations.Observers;
        if (observers.Count > 0)
            text.Append("\nWhat has been sent is seen by: ").Append(string.Join(", ", observers.Select(observer => $"{observer.Id} ({observer.Source})")));

        var known = problems.All;
        if (known.Count > 0)
            text.Append("\nNot loaded (a version that worked stays in place):");
        foreach (var problem in known)
            text.Append("\n  ").Append(problem.Replace("\n", "\n  "));
        return text.ToString();
    }

    private static IEnumerable<string> Rows(IReadOnlyList<HookBinding> bindings)
    {
        List<string[]> rows = [];
        foreach (var binding in bindings)
        {
            rows.Add(
            [
                $"{rows.Count + 1}.",
                binding.Stage,
                binding.Id,
                $"{binding.Options.Band.ToString().ToLowerInvariant()} {binding.Options.Order}",
                binding.Identity.Source,
                string.Join("; ", Notes(binding)),
            ]);
        }

        if (rows.Count == 0)
            yield break;
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToList();
        foreach (var row in rows)
            yield return string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
    }

    private static IEnumerable<string> Notes(HookBinding binding)
    {
        if (binding.Options.Rooms.Count > 0)
            yield return $"only in {string.Join(", ", binding.Options.Rooms)}";
        if (binding.Options.Origins != MessageOrigins.Client)
            yield return $"origins: {binding.Options.Origins.ToString().ToLowerInvariant()}";
        if (binding.Options.OnFailure is { } policy)
            yield return $"on failure: {policy.ToString().ToLowerInvariant()}";
        if (binding.IsDisabled)
            yield return "DISABLED after a failure";
        if (binding.Faults > 0)
            yield return $"failed {binding.Faults}\u00d7, last: {binding.LastFault}";
    }
}
