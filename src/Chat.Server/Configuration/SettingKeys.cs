using System.Reflection;
using Chat.Engine.Commands;

namespace Chat.Server.Configuration;

/// <summary>Which keys there are, read off <see cref="ServerSettings"/> itself.</summary>
internal static class SettingKeys
{
    /// <summary>Stands for any name in a key: a hook's id, a log category, an index.</summary>
    private const string Any = "*";

    /// <summary>All keys; a list's or table's keys have <c>*</c> where a name goes.</summary>
    public static IReadOnlyList<string> All { get; } = [.. KeysOf(typeof(ServerSettings), "")];

    /// <summary>Whether a key is one of them.</summary>
    public static bool IsKnown(string key) => All.Any(known => Matches(known.Split(':'), key.Split(':')));

    /// <summary>Whether a key is a section that holds some of them, a list among it.</summary>
    public static bool IsSection(string key)
    {
        var names = key.Split(':');
        return All.Any(known => known.Split(':') is var parts && parts.Length > names.Length && Matches(parts[..names.Length], names));
    }

    /// <summary>The key that was probably meant, or <see langword="null"/>.</summary>
    public static string? Nearest(string key) =>
        Suggestion.Nearest(key, All.Select(known => Fill(known, key)).Where(filled => !filled.Contains(Any, StringComparison.Ordinal)));

    private static bool Matches(string[] known, string[] key) =>
        known.Length == key.Length
        && known.Zip(key).All(pair => pair.First == Any || string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase));

    /// <summary>Puts the key's own names where the known key has any, so that only what is wrong differs.</summary>
    private static string Fill(string known, string key)
    {
        var names = key.Split(':');
        return string.Join(':', known.Split(':').Select((part, index) => part == Any && index < names.Length ? names[index] : part));
    }

    private static IEnumerable<string> KeysOf(Type type, string prefix)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var key = prefix + property.Name;
            var value = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (IsPlain(value) && property.CanWrite)
                yield return key;
            else if (value == typeof(List<string>) || value == typeof(IList<string>))
                yield return $"{key}:{Any}";
            else if (value.IsGenericType && value.GetGenericTypeDefinition() == typeof(Dictionary<,>))
            {
                foreach (var below in KeysOfEntry(value.GetGenericArguments()[1], $"{key}:{Any}"))
                    yield return below;
            }
            else if (value.Namespace == typeof(ServerSettings).Namespace || value == typeof(Engine.ChatServerOptions))
            {
                foreach (var below in KeysOf(value, $"{key}:"))
                    yield return below;
            }
        }
    }

    private static IEnumerable<string> KeysOfEntry(Type value, string key) => IsPlain(value) ? [key] : KeysOf(value, $"{key}:");

    private static bool IsPlain(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);
}
