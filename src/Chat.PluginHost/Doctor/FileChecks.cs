namespace Chat.PluginHost.Doctor;

/// <summary>Checks what the host checks before it loads a plugin: its main file, its settings and its size.</summary>
internal static class FileChecks
{
    /// <summary>The plugin is within the host's limits for names, numbers and sizes of files.</summary>
    public static IEnumerable<Finding> CheckLimits(CheckedPlugin plugin) => plugin.Unit.Problem is { } problem
        ? [Finding.Refusal(problem, "Keep its data elsewhere, and name the place in the plugin's settings.")]
        : [];

    /// <summary>The main file is a whole assembly built for this host, or a script that compiles.</summary>
    public static IEnumerable<Finding> CheckMainFile(CheckedPlugin plugin)
    {
        var rules = plugin.Image is { } image ? LoadRules.Check(image) : [];
        foreach (var problem in plugin.Problem is { } unreadable ? [unreadable] : rules)
            yield return Finding.Fatal(plugin.Unit.Source, problem.Problem, problem.Fix);
        foreach (var error in plugin.Script?.Errors ?? [])
        {
            yield return Finding.Placed(
                error,
                "Correct the error at the location shown. "
                + "docs/reference/plugin-context.md says what a script has in scope.");
        }

        if (plugin.Manifest is { Problem: { } damage } manifest)
        {
            yield return Finding.Fatal(
                Path.GetFileName(manifest.File),
                damage,
                "Copy the plugin's whole output folder again, or delete this file: "
                + "what the plugin needs is then looked for beside it.");
        }
    }

    /// <summary>The assemblies that the plugin brings were built for this host, too.</summary>
    public static IEnumerable<Finding> CheckLibraries(CheckedPlugin plugin) =>
        from image in plugin.Dependencies.Images
        let rules = image == plugin.Image ? [] : LoadRules.CheckPlatform(image)
        from problem in LoadRules.CheckFramework(image) is { } framework ? rules.Append(framework) : rules
        select new Finding(FindingSeverity.Error, plugin.Shorten(image.Path), problem.Problem, problem.Fix);

    /// <summary>The plugin does not bring a copy of the contract.</summary>
    public static IEnumerable<Finding> CheckContract(CheckedPlugin plugin) => plugin.Unit.Files
        .Where(file => Path.GetFileName(file).Equals(PluginScanner.ContractFile, StringComparison.OrdinalIgnoreCase))
        .Select(stray => new Finding(
            FindingSeverity.Warning,
            plugin.Shorten(stray),
            "this copy of the contract is ignored: the contract is always the host's.",
            $"Delete it, and keep it out of the output: refer to {LoadRules.Contract.Name} "
            + "with Private=\"false\" (a project) or ExcludeAssets=\"runtime\" (a package)."));

    /// <summary>The settings file can be read.</summary>
    public static IEnumerable<Finding> CheckSettings(CheckedPlugin plugin)
    {
        try
        {
            PluginSettings.Read(plugin.Unit.SettingsFile);
            return [];
        }
        catch (PluginLoadException exception)
        {
            return [Finding.Placed(
                exception.Message,
                "Correct the error at the location shown: "
                + "a settings file is one JSON object, and may have comments and trailing commas.")];
        }
    }
}
