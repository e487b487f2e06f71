using System.Runtime.InteropServices;

namespace Chat.PluginHost.Doctor;

/// <summary>Every native library that the plugin names, in a <c>DllImport</c> or its <c>deps.json</c>, is there for this machine.</summary>
internal sealed class NativeLibrariesCheck : IPluginCheck
{
    /// <summary>Windows' own: libraries for all systems name them, and call them only there.</summary>
    private static readonly HashSet<string> _ofWindows = new(StringComparer.OrdinalIgnoreCase)
    {
        "kernel32", "user32", "advapi32", "ntdll", "ws2_32", "ole32", "oleaut32", "shell32", "crypt32", "bcrypt", "ncrypt", "iphlpapi", "psapi", "secur32", "gdi32", "version", "winhttp", "mscoree",
    };

    public IEnumerable<Finding> Check(CheckedPlugin plugin) => [.. CheckManifest(plugin), .. CheckImports(plugin)];

    private static IEnumerable<Finding> CheckManifest(CheckedPlugin plugin)
    {
        if (plugin.Manifest is not { } manifest)
            yield break;
        var folder = Path.GetDirectoryName(plugin.Unit.MainFile)!;
        foreach (var library in manifest.Native.GroupBy(asset => asset.Library, StringComparer.Ordinal))
        {
            var here = library.Where(asset => asset.IsForHere).ToList();
            if (here.Count == 0)
            {
                yield return new Finding(
                    FindingSeverity.Warning,
                    Path.GetFileName(manifest.File),
                    $"{library.Key} has native libraries for {string.Join(", ", library.Select(asset => asset.Runtime).Distinct(StringComparer.Ordinal))}, but none for {RuntimeIdentifiers.Machine}, this machine.",
                    "Use a version of it that has one, or a server on one of those systems.");
            }

            foreach (var path in here.Select(asset => Path.GetFullPath(asset.Path, folder)).Where(path => !plugin.Unit.Files.Contains(path)))
            {
                yield return new Finding(
                    FindingSeverity.Error, Path.GetFileName(manifest.File), $"the native library of {library.Key} is missing. Looked for {path}.", "Copy the plugin's whole output folder, with runtimes/ in it.");
            }
        }
    }

    private static IEnumerable<Finding> CheckImports(CheckedPlugin plugin)
    {
        foreach (var image in plugin.Dependencies.Images)
        {
            foreach (var name in image.NativeLibraries.Distinct(StringComparer.Ordinal))
            {
                var looked = Places(plugin, image, name).Distinct(StringComparer.Ordinal).ToList();
                if (looked.Exists(File.Exists) || IsOfSystem(name))
                    continue;
                yield return new Finding(
                    image == plugin.Image ? FindingSeverity.Error : FindingSeverity.Warning,
                    plugin.Shorten(image.File),
                    $"it calls the native library {name}, which is not there. Looked for {string.Join(" and ", looked)}, and among the system's.",
                    $"Put {looked[0]} there, or install it on the system. If it is never called on this system, all is well.");
            }
        }
    }

    private static IEnumerable<string> Places(CheckedPlugin plugin, AssemblyImage image, string name)
    {
        if (Path.IsPathRooted(name))
            return [name];
        var folder = Path.GetDirectoryName(image.File)!;
        var folders = (plugin.Manifest?.Native ?? [])
            .Where(asset => asset.IsForHere)
            .Select(asset => Path.GetDirectoryName(Path.GetFullPath(asset.Path, folder))!)
            .Prepend(folder);
        return folders.SelectMany(each => FileNames(name).Select(file => Path.Combine(each, file)));
    }

    /// <summary>How the runtime spells a library's name on this system.</summary>
    private static IEnumerable<string> FileNames(string name)
    {
        var ending = OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";
        if (name.Contains(ending, StringComparison.OrdinalIgnoreCase))
            return OperatingSystem.IsWindows() ? [name] : [name, $"lib{name}"];
        return OperatingSystem.IsWindows() ? [$"{name}{ending}", name] : [$"lib{name}{ending}", $"{name}{ending}", name, $"lib{name}"];
    }

    private static bool IsOfSystem(string name)
    {
        if (!OperatingSystem.IsWindows() && _ofWindows.Contains(name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name))
            return true;
        if (!NativeLibrary.TryLoad(name, typeof(object).Assembly, null, out var handle))
            return false;
        NativeLibrary.Free(handle);
        return true;
    }
}
