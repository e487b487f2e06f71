namespace Chat.PluginHost.Doctor;

/// <summary>Checks that a DLL has a class that the host can create and start.</summary>
internal static class EntryPointCheck
{
    public static IEnumerable<Finding> Check(CheckedPlugin plugin)
    {
        // If it does not refer to the contract, that is reported elsewhere.
        var file = plugin.Source.Source;
        if (plugin.Image is not { } image || image.VersionOf(LoadRules.Contract.Name!) is null
            || EntryPoint.Find(image.Path, plugin.Images.Skip(1).Select(each => each.Path)) is not { } all)
            return [];
        var plugins = all.Where(entry => entry.IsPlugin).ToList();
        var entries = plugins.Count > 0 ? plugins : all;
        if (entries.Count == 0)
            return [Finding.Fatal(LoadRules.NoPlugin(file))];
        var problems = entries.Select(entry => Problem(file, entry)).ToList();
        var hasGood = problems.Contains(null);
        return from problem in problems.OfType<Finding>()
               let isFatal = !hasGood || problem.KeepsFromLoading
               where isFatal || plugins.Count > 0
               let severity = isFatal ? FindingSeverity.Error : FindingSeverity.Warning
               select problem with { Severity = severity, KeepsFromLoading = isFatal };
    }

    /// <returns>Why the host cannot create an object; <see langword="null"/> if it can.</returns>
    private static Finding? Problem(string file, EntryPoint entry)
    {
        var what = $"{entry.Name} implements {(entry.IsPlugin ? nameof(IChatPlugin) : "a hook's interface")}, but";
        return entry switch
        {
            { IsPublic: false } => Found("is not public, so the host does not see it.", "Make it public."),
            { IsAbstract: true } => Found("is abstract.", "Make it a class that can be created."),
            { IsGeneric: true } => Found("has type parameters.", "Derive a class that has none."),
            { CanBeCreated: false } => Finding.Fatal(LoadRules.NoConstructor(file, entry.Name)),
            _ => null,
        };

        Finding Found(string problem, string fix) => new(FindingSeverity.Warning, file, $"{what} {problem}", fix);
    }
}
