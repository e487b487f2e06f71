using System.Runtime.InteropServices;
using MissingAssembly = Chat.PluginHost.Doctor.CheckedPlugin.MissingAssembly;

namespace Chat.PluginHost.Doctor;

/// <summary>Checks that every assembly and native library that a plugin needs is there for this machine.</summary>
internal static class DependencyChecks
{
    /// <summary>Windows' own libraries: code for all systems names them, and calls them only there.</summary>
    private static readonly HashSet<string> _ofWindows = new(StringComparer.OrdinalIgnoreCase)
    {
        "kernel32", "user32", "advapi32", "ntdll", "ws2_32", "ole32", "oleaut32", "shell32", "crypt32", "bcrypt",
        "ncrypt", "iphlpapi", "psapi", "secur32", "gdi32", "version", "winhttp", "mscoree",
    };

    /// <summary>Every assembly that the plugin refers to, directly or through another, is there.</summary>
    public static IEnumerable<Finding> CheckAssemblies(CheckedPlugin plugin)
    {
        var ofFramework = plugin.Missing.ToLookup(missing => IsOfAspNetCore(plugin, missing));
        if (ofFramework[true].FirstOrDefault(missing => !HostAssemblies.HasCopyOf(missing.Name.Name!)) is { } first)
        {
            yield return Finding.Fatal(new LoadProblem(
                first.NeededBy,
                $"it needs the ASP.NET Core framework ({first.Name.Name}), which this server does not have.",
                "Copying files does not help. Take <FrameworkReference Include=\"Microsoft.AspNetCore.App\" /> or "
                + "Sdk=\"Microsoft.NET.Sdk.Web\" out of its project and use packages instead; or load the plugin in an "
                + "application of your own that has this framework and embeds the server (docs/guides/embedding.md)."));
        }

        foreach (var missing in ofFramework[false])
            yield return Describe(plugin, missing);
    }

    /// <summary>Every native library that <c>deps.json</c> or a <c>DllImport</c> names is there.</summary>
    public static IEnumerable<Finding> CheckNative(CheckedPlugin plugin) =>
        [.. CheckManifest(plugin), .. plugin.Images.SelectMany(image => CheckImports(plugin, image))];

    /// <summary>The framework's own assemblies are not in the list of what a plugin brings; those of a package of the
    /// same name are.</summary>
    private static bool IsOfAspNetCore(CheckedPlugin plugin, MissingAssembly missing) =>
        missing.Name.Name!.StartsWith(
            plugin.NeedsAspNetCore ? "Microsoft." : "Microsoft.AspNetCore.", StringComparison.Ordinal)
        && plugin.Manifest?.Assets.Exists(
            asset => Path.GetFileNameWithoutExtension(asset.RelativePath) == missing.Name.Name) != true;

    private static Finding Describe(CheckedPlugin plugin, MissingAssembly missing)
    {
        var what = $"it needs {missing.Name.Name} {missing.Name.Version?.ToString(3)}, which";
        var looked = $"Looked for {string.Join(" and ", missing.Looked)}.";
        if (HostAssemblies.HasCopyOf(missing.Name.Name!))
        {
            return new Finding(
                FindingSeverity.Warning, missing.NeededBy,
                $"{what} is not in the plugin's folder; the server's own copy is used, of whatever version. {looked}",
                "Copy it into the plugin's folder.");
        }

        // In the drop folder itself, only what begins with the plugin's name belongs to it.
        var id = plugin.Source.Id;
        var (problem, fix) = missing.Looked.Any(File.Exists)
            ? ("lies beside it but does not belong to it: a DLL in the drop folder itself brings only files that begin "
                + $"with '{id}.'.", $"Put both into a folder named {id}.")
            : ("is missing.", plugin.Script is not null
                ? "Put it beside the DLL that needs it."
                : "Copy the plugin's whole output folder; <EnableDynamicLoading>true</EnableDynamicLoading> in its "
                    + "project puts everything it needs there.");
        return Finding.Fatal(new LoadProblem(missing.NeededBy, $"{what} {problem} {looked}", fix));
    }

    private static IEnumerable<Finding> CheckManifest(CheckedPlugin plugin) =>
        from library in (plugin.Manifest?.Assets ?? []).Where(asset => asset.IsNative).GroupBy(asset => asset.Library)
        from finding in CheckLibrary(plugin, library, Path.GetFileName(plugin.Manifest!.File))
        select finding;

    private static IEnumerable<Finding> CheckLibrary(
        CheckedPlugin plugin, IGrouping<string, DependencyManifest.Asset> library, string where)
    {
        if (!library.Any(asset => asset.IsForHere))
        {
            var machines = string.Join(", ", library.Select(asset => asset.Runtime).Distinct());
            yield return new Finding(
                FindingSeverity.Warning, where,
                $"{library.Key} has native libraries for {machines}, "
                + $"but none for {RuntimeIdentifiers.Machine}, this machine.",
                "Use a version of it that has one, or a server on one of those systems.");
        }

        foreach (var path in library.Where(asset => asset.IsForHere)
            .Select(asset => Path.GetFullPath(asset.RelativePath, plugin.Folder)).Except(plugin.Source.Files))
        {
            yield return new Finding(
                FindingSeverity.Error, where, $"the native library of {library.Key} is missing. Looked for {path}.",
                "Copy the plugin's whole output folder, with runtimes/ in it.");
        }
    }

    private static IEnumerable<Finding> CheckImports(CheckedPlugin plugin, AssemblyFile image) =>
        from name in image.NativeLibraries.Distinct()
        let looked = Places(plugin, image, name).Distinct().ToList()
        where !looked.Exists(File.Exists) && !IsOfSystem(name)
        select new Finding(
            image == plugin.Image ? FindingSeverity.Error : FindingSeverity.Warning,
            plugin.Source.Shorten(image.Path),
            $"it calls the native library {name}, which is not there. "
            + $"Looked for {string.Join(" and ", looked)}, and among the system's.",
            $"Put {looked[0]} there, or install it on the system. If it is never called on this system, ignore this.");

    private static IEnumerable<string> Places(CheckedPlugin plugin, AssemblyFile image, string name)
    {
        if (Path.IsPathRooted(name))
            return [name];
        var folder = Path.GetDirectoryName(image.Path)!;
        return (plugin.Manifest?.Assets ?? [])
            .Where(asset => asset is { IsNative: true, IsForHere: true })
            .Select(asset => Path.GetDirectoryName(Path.GetFullPath(asset.RelativePath, folder))!)
            .Prepend(folder)
            .SelectMany(each => FileNames(name).Select(file => Path.Combine(each, file)));
    }

    /// <summary>How the runtime spells a library's name on this system.</summary>
    private static string[] FileNames(string name)
    {
        var isWindows = OperatingSystem.IsWindows();
        var ending = isWindows ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        if (name.Contains(ending, StringComparison.OrdinalIgnoreCase))
            return isWindows ? [name] : [name, $"lib{name}"];
        return isWindows ? [$"{name}{ending}", name] : [$"lib{name}{ending}", $"{name}{ending}", name, $"lib{name}"];
    }

    private static bool IsOfSystem(string name)
    {
        var isDll = name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase);
        if (!OperatingSystem.IsWindows() && _ofWindows.Contains(isDll ? name[..^4] : name))
            return true;
        if (!NativeLibrary.TryLoad(name, typeof(object).Assembly, null, out var handle))
            return false;
        NativeLibrary.Free(handle);
        return true;
    }
}
