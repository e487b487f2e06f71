using System.Globalization;
using System.Text;

namespace Chat.Engine.Registrations;

/// <summary>Describes the hooks in order, their statistics and the load errors, as text for users.</summary>
internal sealed class HookReport(RegistrationTable registrations, LoadErrors problems, Watchdog watchdog)
{
    /// <summary>Describes the hooks without statistics, as several lines separated by <c>\n</c>.</summary>
    public override string ToString() => Describe(withFigures: false);

    /// <summary>Describes the hooks as several lines separated by <c>\n</c>.</summary>
    /// <param name="withFigures">Whether to include the statistics of each hook's calls.</param>
    public string Describe(bool withFigures)
    {
        var text = new StringBuilder();
        var steps = registrations.Bindings;
        text.Append(steps.Count == 0
            ? "No hooks: lines are sent as they are typed."
            : "Each line goes through these hooks, in this order:");
        foreach (var row in TextTable.Lines(Rows(steps, withFigures)))
            text.Append("\n  ").Append(row);
        var observers = registrations.Observers;
        if (observers.Count > 0)
        {
            var seenBy = observers.Select(observer => $"{observer.Id} ({observer.Source})");
            text.Append("\nWhat has been sent is seen by: ").Append(string.Join(", ", seenBy));
        }

        if (watchdog.AbandonedThreads > 0)
        {
            var (now, ever) = (watchdog.AbandonedThreads, watchdog.AbandonedThreadsEver);
            text.Append(FormattableString.Invariant(
                $"\nThreads stuck in plugins: {now} now, {ever} since the start."));
        }

        var known = problems.All;
        if (known.Count > 0)
            text.Append("\nNot loaded; where an earlier version works, that one stays in place:");
        foreach (var problem in known)
            text.Append("\n  ").Append(problem.Replace("\n", "\n  "));
        return text.ToString();
    }

    /// <summary>Describes one hook in detail.</summary>
    /// <param name="id">The hook's id.</param>
    public string DescribeOne(string id)
    {
        if (Find(id) is not { } step)
            return problems.Of(id) is { } refused ? $"Not loaded: {refused}" : Unknown(id);
        var target = step.Target;
        var p50 = Durations.Text(target.Statistics.Percentile(0.5));
        var p99 = Durations.Text(target.Statistics.Percentile(0.99));
        List<string[]> rows =
        [
            ["file", Source(step)],
            ["order", Place(step)],
            ["state", State(step)],
            ["budget", Durations.Text(target.Budget)],
            ["on failure", step.OnFailure.ToString().ToLowerInvariant()],
            ["calls", Count(target.Statistics.Calls)],
            ["takes", $"p50 {p50}, p99 {p99}"],
            ["in flight", Count(target.Statistics.InFlight)],
            ["faults", target.LastFault is { } last ? $"{Count(target.Faults)}, last: {last}" : "0"],
        ];
        if (step.Options.Rooms.Count > 0)
            rows.Add(["rooms", string.Join(", ", step.Options.Rooms)]);
        if (step.Options.Origins != MessageOrigins.Client)
            rows.Add(["origins", step.Options.Origins.ToString().ToLowerInvariant()]);
        if (step.Shadow is { } shadow)
        {
            rows.Add(["shadow", shadow.Summary]);
            rows.AddRange(shadow.Differences.Select(difference => new[] { "", difference }));
        }

        if (problems.Of(step.Identity.Owner) is { } problem)
            rows.Add(["not loaded", problem]);
        var stage = $"{char.ToUpperInvariant(step.Stage[0])}{step.Stage[1..]}";
        return $"{stage} {step.Id}:\n  {string.Join("\n  ", TextTable.Lines(rows))}";
    }

    /// <summary>Enables a hook or guard again.</summary>
    /// <param name="id">The hook's id.</param>
    /// <returns>The reply to the operator.</returns>
    public string Enable(string id)
    {
        if (problems.TryEnable(id))
            return $"{id} is tried again: /hooks shows what comes of it.";
        if (Find(id) is not { } step)
            return Unknown(id);
        if (!step.Target.Breaker.IsOpen)
            return $"{step.Id} is in use.";
        step.Target.Breaker.Reset();
        var stuck = step.Target.Breaker.Stuck;
        if (stuck <= 0)
            return $"{step.Id} is enabled again.";
        var calls = $"{Count(stuck)} of its calls {(stuck == 1 ? "has" : "have")} not returned";
        return $"{step.Id} is enabled again, though {calls}: "
            + "another like that costs another thread, and disables it again.";
    }

    private PipelineStep? Find(string id) =>
        registrations.Bindings.FirstOrDefault(step => string.Equals(step.Id, id, StringComparison.OrdinalIgnoreCase));

    private string Unknown(string id)
    {
        var nearest = Suggestion.Nearest(id, registrations.Bindings.Select(step => step.Id));
        return nearest is null
            ? $"There is no hook {id}. /hooks lists all hooks."
            : $"There is no hook {id}. Did you mean {nearest}?";
    }

    private static List<string[]> Rows(IReadOnlyList<PipelineStep> steps, bool withFigures)
    {
        List<string[]> rows = [];
        if (steps.Count > 0 && withFigures)
            rows.Add(["", "", "", "order", "file", "calls", "p50", "p99", "faults", "in flight", "state"]);
        foreach (var step in steps)
        {
            var number = rows.Count + (withFigures ? 0 : 1);
            string[] figures = withFigures
                ?
                [
                    Count(step.Target.Statistics.Calls),
                    Durations.Text(step.Target.Statistics.Percentile(0.5)),
                    Durations.Text(step.Target.Statistics.Percentile(0.99)),
                    Count(step.Target.Faults),
                    Count(step.Target.Statistics.InFlight),
                ]
                : [];
            var notes = string.Join("; ", Notes(step, withFigures));
            rows.Add(
                [$"{Count(number)}.", step.Stage, step.Id, Place(step), Source(step), .. figures, notes]);
        }

        return rows;
    }

    private static string Count(long count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Place(PipelineStep step) =>
        FormattableString.Invariant($"{step.Options.Band.ToString().ToLowerInvariant()} {step.Options.Order}");

    private static string Source(PipelineStep step) => step.Identity.Version > 1
        ? FormattableString.Invariant($"{step.Identity.Source} v{step.Identity.Version}")
        : step.Identity.Source;

    private static string State(PipelineStep step)
    {
        var breaker = step.Target.Breaker;
        if (!breaker.IsOpen)
            return step.IsShadow ? "shadow: it is called, but has no effect" : "active";
        var since = breaker.Since.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
        return breaker.Stuck > 0
            ? FormattableString.Invariant($"DISABLED since {since}: {breaker.Stuck} of its calls do not return")
            : $"DISABLED since {since}: it failed; /hooks enable {step.Id}";
    }

    /// <summary>Lists the state first, if asked for or unusual, then anything else notable.</summary>
    private static IEnumerable<string> Notes(PipelineStep step, bool withState)
    {
        if (step.Target.Breaker.IsOpen || (withState && step.Shadow is null))
            yield return State(step);
        if (step.Shadow is { } shadow)
            yield return $"shadow: {shadow.Summary}";
        if (step.Options.Rooms.Count > 0)
            yield return $"only in {string.Join(", ", step.Options.Rooms)}";
        if (step.Options.Origins != MessageOrigins.Client)
            yield return $"origins: {step.Options.Origins.ToString().ToLowerInvariant()}";
        if (step.Options.OnFailure is { } policy)
            yield return $"on failure: {policy.ToString().ToLowerInvariant()}";
        if (step.Target.Faults > 0)
        {
            var (faults, last) = (step.Target.Faults, step.Target.LastFault);
            yield return FormattableString.Invariant($"failed {faults}\u00d7, last: {last}");
        }
    }
}
