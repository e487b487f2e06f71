using System.Globalization;
using System.Text;
using Chat.Engine.Commands;
using Chat.Engine.Diagnostics;
using Chat.Engine.Hooks;
using Chat.Engine.Isolation;
using Chat.Hooks;

namespace Chat.Engine.Registrations;

/// <summary>The hooks in their order, how they fare, and what could not be loaded, as text for people.</summary>
internal sealed class HookReport(RegistrationTable registrations, LoadErrors problems, Watchdog watchdog)
{
    /// <summary>The order as it is before anybody has spoken; several lines, parted by <c>\n</c>.</summary>
    public override string ToString() => Describe(withFigures: false);

    /// <summary>The order with what is known of each hook's calls; several lines, parted by <c>\n</c>.</summary>
    public string Describe(bool withFigures)
    {
        var text = new StringBuilder();
        var bindings = registrations.Bindings;
        text.Append(bindings.Count == 0
            ? "No hooks: lines are sent as they are typed."
            : "Each line goes through these hooks, in this order:");
        foreach (var row in TextTable.Lines(Rows(bindings, withFigures)))
            text.Append("\n  ").Append(row);
        var observers = registrations.Observers;
        if (observers.Count > 0)
            text.Append("\nWhat has been sent is seen by: ").Append(string.Join(", ", observers.Select(observer => $"{observer.Id} ({observer.Source})")));
        if (watchdog.AbandonedThreads > 0)
            text.Append(FormattableString.Invariant($"\nThreads stuck in plugins: {watchdog.AbandonedThreads} now, {watchdog.AbandonedThreadsEver} since the start."));

        var known = problems.All;
        if (known.Count > 0)
            text.Append("\nNot loaded; where an earlier version works, that one stays in place:");
        foreach (var problem in known)
            text.Append("\n  ").Append(problem.Replace("\n", "\n  "));
        return text.ToString();
    }

    /// <summary>All there is to know of one hook.</summary>
    /// <param name="id">Its id.</param>
    public string DescribeOne(string id)
    {
        if (Find(id) is not { } binding)
            return problems.Of(id) is { } refused ? $"Not loaded: {refused}" : Unknown(id);
        var target = binding.Target;
        List<string[]> rows =
        [
            ["file", Source(binding)],
            ["order", Place(binding)],
            ["state", State(binding)],
            ["budget", Durations.Text(target.Budget)],
            ["on failure", binding.OnFailure.ToString().ToLowerInvariant()],
            ["calls", Count(target.Statistics.Calls)],
            ["takes", $"p50 {Durations.Text(target.Statistics.Percentile(0.5))}, p99 {Durations.Text(target.Statistics.Percentile(0.99))}"],
            ["in flight", Count(target.Statistics.InFlight)],
            ["faults", target.LastFault is { } last ? $"{Count(target.Faults)}, last: {last}" : "0"],
        ];
        if (binding.Options.Rooms.Count > 0)
            rows.Add(["rooms", string.Join(", ", binding.Options.Rooms)]);
        if (binding.Options.Origins != MessageOrigins.Client)
            rows.Add(["origins", binding.Options.Origins.ToString().ToLowerInvariant()]);
        if (binding.Shadow is { } shadow)
        {
            rows.Add(["shadow", shadow.Summary]);
            rows.AddRange(shadow.Differences.Select(difference => new[] { "", difference }));
        }

        if (problems.Of(binding.Identity.Owner) is { } problem)
            rows.Add(["not loaded", problem]);
        return $"{char.ToUpperInvariant(binding.Stage[0])}{binding.Stage[1..]} {binding.Id}:\n  {string.Join("\n  ", TextTable.Lines(rows))}";
    }

    /// <summary>Enables a hook or guard again.</summary>
    /// <param name="id">Its id.</param>
    /// <returns>What to tell the operator.</returns>
    public string Enable(string id)
    {
        if (problems.TryEnable(id))
            return $"{id} is tried again: /hooks shows what comes of it.";
        if (Find(id) is not { } binding)
            return Unknown(id);
        if (!binding.Target.Breaker.IsOpen)
            return $"{binding.Id} is in use.";
        binding.Target.Breaker.Reset();
        return binding.Target.Breaker.Stuck is var stuck and > 0
            ? $"{binding.Id} is enabled again, though {Count(stuck)} of its calls {(stuck == 1 ? "has" : "have")} not returned: another like that costs another thread, and disables it again."
            : $"{binding.Id} is enabled again.";
    }

    private PipelineStep? Find(string id) =>
        registrations.Bindings.FirstOrDefault(binding => string.Equals(binding.Id, id, StringComparison.OrdinalIgnoreCase));

    private string Unknown(string id)
    {
        var nearest = Suggestion.Nearest(id, registrations.Bindings.Select(binding => binding.Id));
        return nearest is null ? $"There is no hook {id}. /hooks lists those there are." : $"There is no hook {id}. Did you mean {nearest}?";
    }

    private static List<string[]> Rows(IReadOnlyList<PipelineStep> bindings, bool withFigures)
    {
        List<string[]> rows = [];
        if (bindings.Count > 0 && withFigures)
            rows.Add(["", "", "", "order", "file", "calls", "p50", "p99", "faults", "in flight", "state"]);
        foreach (var binding in bindings)
        {
            var number = rows.Count + (withFigures ? 0 : 1);
            string[] figures = withFigures
                ?
                [
                    Count(binding.Target.Statistics.Calls),
                    Durations.Text(binding.Target.Statistics.Percentile(0.5)),
                    Durations.Text(binding.Target.Statistics.Percentile(0.99)),
                    Count(binding.Target.Faults),
                    Count(binding.Target.Statistics.InFlight),
                ]
                : [];
            rows.Add([$"{Count(number)}.", binding.Stage, binding.Id, Place(binding), Source(binding), .. figures, string.Join("; ", Notes(binding, withFigures))]);
        }

        return rows;
    }

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Place(PipelineStep binding) => FormattableString.Invariant($"{binding.Options.Band.ToString().ToLowerInvariant()} {binding.Options.Order}");

    private static string Source(PipelineStep binding) => binding.Identity.Version > 1
        ? FormattableString.Invariant($"{binding.Identity.Source} v{binding.Identity.Version}")
        : binding.Identity.Source;

    private static string State(PipelineStep binding)
    {
        var breaker = binding.Target.Breaker;
        if (!breaker.IsOpen)
            return binding.IsShadow ? "shadow: it is called, but has no effect" : "active";
        var since = breaker.Since.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        return breaker.Stuck > 0
            ? FormattableString.Invariant($"DISABLED since {since}: {breaker.Stuck} of its calls do not return")
            : $"DISABLED since {since}: it failed; /hooks enable {binding.Id}";
    }

    /// <summary>The state first, where it is asked for or is anything but in order; then what else is special.</summary>
    private static IEnumerable<string> Notes(PipelineStep binding, bool withState)
    {
        if (binding.Target.Breaker.IsOpen || (withState && binding.Shadow is null))
            yield return State(binding);
        if (binding.Shadow is { } shadow)
            yield return $"shadow: {shadow.Summary}";
        if (binding.Options.Rooms.Count > 0)
            yield return $"only in {string.Join(", ", binding.Options.Rooms)}";
        if (binding.Options.Origins != MessageOrigins.Client)
            yield return $"origins: {binding.Options.Origins.ToString().ToLowerInvariant()}";
        if (binding.Options.OnFailure is { } policy)
            yield return $"on failure: {policy.ToString().ToLowerInvariant()}";
        if (binding.Target.Faults > 0)
            yield return FormattableString.Invariant($"failed {binding.Target.Faults}\u00d7, last: {binding.Target.LastFault}");
    }
}
