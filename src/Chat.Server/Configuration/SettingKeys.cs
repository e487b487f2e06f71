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

    /// <summary>Whether a key is a list.</summary>
    public static bool IsList(string key) => All.Any(known => known.EndsWith($":{Any}", StringComparison.Ordinal) && !known.Contains("LogLevel", StringComparison.Ordinal) && Matches(known.Split(':')[..^1], key.Split(':')));

    /// <summary>Whether a setting's value is a name out of a few.</summary>
    public static bool IsEnum(string key) => TypeOf(typeof(ServerSettings), key.Split(':')).IsEnum;

    /// <summary>Whether a setting's value is a length of time.</summary>
    public static bool IsTime(string key) => TypeOf(typeof(ServerSettings), key.Split(':')) == typeof(TimeSpan);

    /// <summary>What a setting's value looks like, as a sentence.</summary>
    public static string Expected(string key)
    {
        var type = TypeOf(typeof(ServerSettings), key.Split(':'));
        if (type.IsEnum)
            return $"It is one of {string.Join(", ", Enum.GetNames(type))}.";
        if (type == typeof(bool))
            return "It is true or false.";
        return type == typeof(TimeSpan) ? "It is a time, written hh:mm:ss; 00:00:10 is ten seconds." : "It is a whole number.";
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

    private static Type TypeOf(Type type, ReadOnlySpan<string> names)
    {
        if (names.IsEmpty)
            return Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
            return TypeOf(type.GetGenericArguments()[1], names[1..]);
        var property = type.GetProperty(names[0], BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
        return property is null ? typeof(string) : TypeOf(property.PropertyType, names[1..]);
    }

    private static bool IsPlain(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);
}
