namespace Chat.Engine.Hooks;

/// <summary>The hooks in their order, as aligned rows for people.</summary>
internal static class HookTableText
{
    public static IEnumerable<string> Rows(IReadOnlyList<HookBinding> bindings)
    {
        List<string[]> rows = [];
        foreach (var binding in bindings)
        {
            var options = binding.Options;
            List<string> notes = [];
            if (options.Rooms.Count > 0)
                notes.Add($"only in {string.Join(", ", options.Rooms)}");
            if (binding.OnFailure != (binding is GuardBinding ? Chat.Hooks.FailurePolicy.Block : Chat.Hooks.FailurePolicy.Pass))
                notes.Add($"on failure: {binding.OnFailure.ToString().ToLowerInvariant()}");
            if (binding.IsDisabled)
                notes.Add("DISABLED after a failure");
            if (binding.Faults > 0)
                notes.Add($"failed {binding.Faults} times, last: {binding.LastFault}");
            rows.Add([$"{rows.Count + 1}.", binding.Stage, binding.Id, options.Band.ToString().ToLowerInvariant(), $"{options.Order}", binding.Identity.Source, string.Join("; ", notes)]);
        }

        var widths = Enumerable.Range(0, 7).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            yield return string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd();
    }
}
