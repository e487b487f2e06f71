using System.Text.RegularExpressions;

namespace Chat.Scenes.Stages;

/// <summary>Copies plugin folders, whole or in part, so that a scene never changes the originals.</summary>
internal static partial class PluginFiles
{
    private const FileAttributes Ignored = FileAttributes.ReparsePoint | FileAttributes.System;

    private static readonly EnumerationOptions _here = new() { AttributesToSkip = Ignored };
    private static readonly EnumerationOptions _below =
        new() { AttributesToSkip = Ignored, RecurseSubdirectories = true };

    public static void CopyAll(string folder, string target)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", _here))
            Copy(file, Path.Combine(target, Path.GetFileName(file)));
        foreach (var child in Directory.EnumerateDirectories(folder, "*", _here))
        {
            if (IsPlugin(child) || IsForScripts(child))
                CopyFolder(child, target);
        }
    }

    /// <summary>Copies some plugins, with their settings and the files that scripts load.</summary>
    /// <returns>What is wrong; <see langword="null"/> if nothing is.</returns>
    public static string? CopyChosen(IEnumerable<string> names, IReadOnlyList<string> folders, string target)
    {
        foreach (var id in names.Select(IdOf))
        {
            var anyCase = StringComparer.OrdinalIgnoreCase;
            if (folders.FirstOrDefault(folder => MainsOf(folder).Contains(id, anyCase)) is not { } home)
            {
                var known = string.Join(", ", folders.SelectMany(MainsOf).Distinct(anyCase).Order(anyCase));
                return $"there is no plugin {id} in {string.Join(" or ", folders)}. "
                    + (known.Length > 0 ? $"There are: {known}." : "There is none.");
            }

            // The settings in the drop folder take precedence over those that come with the plugin.
            foreach (var settings in folders.Select(folder => Path.Combine(folder, $"{id}.json")).Where(File.Exists))
                Copy(settings, Path.Combine(target, Path.GetFileName(settings)));
            foreach (var file in Directory.EnumerateFiles(home, "*", _here).Where(file => Belongs(file, id)))
                Copy(file, Path.Combine(target, Path.GetFileName(file)));
            foreach (var child in Directory.EnumerateDirectories(home, "*", _here).Where(child => Belongs(child, id)))
            {
                if (IsPlugin(child))
                    CopyFolder(child, target);
            }
        }

        foreach (var folder in folders)
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*", _here).Where(IsForScripts))
                Copy(file, Path.Combine(target, Path.GetFileName(file)));
            foreach (var child in Directory.EnumerateDirectories(folder, "*", _here).Where(IsForScripts))
                CopyFolder(child, target);
        }

        return null;
    }

    private static IEnumerable<string> MainsOf(string folder) =>
        Directory.EnumerateFiles(folder, "*", _here)
            .Where(file => !IsForScripts(file) && Path.GetExtension(file).ToUpperInvariant() is ".CSX" or ".DLL")
            .Concat(Directory.EnumerateDirectories(folder, "*", _here).Where(IsPlugin).Select(child => $"{child}.dll"))
            .Select(file => IdOf(Path.GetFileName(file)));

    private static string IdOf(string name)
    {
        var bare = Extension().Replace(name, "");
        return name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? bare : Prefix().Replace(bare, "");
    }

    private static bool Belongs(string path, string id)
    {
        var name = Prefix().Replace(Path.GetFileName(path), "");
        return string.Equals(name, id, StringComparison.OrdinalIgnoreCase)
            || name.StartsWith($"{id}.", StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsPlugin(string folder) => File.Exists(Path.Combine(folder, $"{Path.GetFileName(folder)}.dll"));

    private static bool IsForScripts(string path) => Path.GetFileName(path)[0] == '_';

    private static void CopyFolder(string folder, string target)
    {
        var root = Path.Combine(target, Path.GetFileName(folder));
        foreach (var file in Directory.EnumerateFiles(folder, "*", _below))
            Copy(file, Path.Combine(root, Path.GetRelativePath(folder, file)));
    }

    private static void Copy(string file, string copy)
    {
        // A named pipe looks like an empty file, and reading it would never end.
        if (File.Exists(copy) || new FileInfo(file) is not { Exists: true } info)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        if (info.Length == 0)
            File.WriteAllBytes(copy, []);
        else
            File.Copy(file, copy);
    }

    [GeneratedRegex(@"\.(csx|dll)$", RegexOptions.IgnoreCase)]
    private static partial Regex Extension();

    [GeneratedRegex("^[0-9]+-(?=.)")]
    private static partial Regex Prefix();
}
