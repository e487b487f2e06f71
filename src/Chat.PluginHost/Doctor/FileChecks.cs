namespace Chat.PluginHost.Doctor;

/// <summary>Checks what the host checks before it loads a plugin: its main file, its settings and its size.</summary>
internal static class FileChecks
{
    /// <summary>The main file is a whole assembly built for this host, or a script that compiles.</summary>
    public static IEnumerable<Finding> CheckMainFile(CheckedPlugin plugin)
    {
        var rules = plugin.Image is { } image ? LoadRules.Check(image) : [];
        var manifest = plugin.Manifest;
        return
        [
            .. (plugin.Problem is { } unreadable ? [unreadable] : rules).Select(problem => Finding.Fatal(problem)),
            .. (plugin.Script?.Errors ?? []).Select(error => Finding.Fatal(
                error, "Correct the error at the location shown. "
                + "docs/reference/plugin-context.md says what a script has in scope.")),
            .. manifest?.Problem is { } damage ? [Finding.Fatal(
                new LoadProblem(Path.GetFileName(manifest.File), damage),
                "Copy the plugin's whole output folder again, or delete this file: "
                + "what the plugin needs is then looked for beside it.")] : (Finding[])[],
        ];
    }

    /// <summary>The plugin is within the host's limits for names, numbers and sizes of files.</summary>
    public static IEnumerable<Finding> CheckLimits(CheckedPlugin plugin) =>
        plugin.Source.Problem is { } problem ? [Finding.Fatal(problem)] : [];

    /// <summary>The assemblies that the plugin brings were built for this host, too.</summary>
    public static IEnumerable<Finding> CheckLibraries(CheckedPlugin plugin) =>
        from image in plugin.Images
        let rules = image == plugin.Image ? [] : LoadRules.CheckPlatform(image)
        from problem in LoadRules.CheckFramework(image) is { } framework ? rules.Append(framework) : rules
        select new Finding(FindingSeverity.Error, plugin.Source.Shorten(image.Path), problem.Problem, problem.Fix);

    /// <summary>The plugin does not bring a copy of the contract.</summary>
    public static IEnumerable<Finding> CheckContract(CheckedPlugin plugin) => plugin.Source.Files
        .Where(PluginScanner.IsContract)
        .Select(stray => new Finding(
            FindingSeverity.Warning, plugin.Source.Shorten(stray),
            "this copy of the contract is ignored: the contract is always the host's.",
            $"Delete it, and keep it out of the output: refer to {LoadRules.Contract.Name} "
            + "with Private=\"false\" (a project) or ExcludeAssets=\"runtime\" (a package)."));

    public static IEnumerable<Finding> CheckSettings(CheckedPlugin plugin)
    {
        try
        {
            PluginSettings.Read(plugin.Source.SettingsFile);
            return [];
        }
        catch (PluginLoadException exception)
        {
            return [Finding.Fatal(
                exception.Problem, "Correct the error at the location shown: "
                + "a settings file is one JSON object, and may have comments and trailing commas.")];
        }
    }
}
