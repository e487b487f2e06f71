using System.ComponentModel;
using System.Reflection;

namespace Chat.Server.Configuration;

/// <summary>The keys of all settings, derived from <see cref="ServerSettings"/>.</summary>
internal static class SettingKeys
{
    /// <summary>Stands for any name in a key: the id of a hook, a log category, an index.</summary>
    private const string Any = "*";

    /// <summary>All keys; those of a list or a table have <c>*</c> where a name or an index goes.</summary>
    public static IReadOnlyList<string> All { get; } = [.. KeysOf(typeof(ServerSettings), "")];

    /// <summary>Whether there is such a setting.</summary>
    public static bool IsKnown(string key) => All.Any(known => Matches(known.Split(':'), key.Split(':')));

    public static bool IsSection(string key)
    {
        var names = key.Split(':');
        return All.Select(known => known.Split(':'))
            .Any(known => known.Length > names.Length && Matches(known[..names.Length], names));
    }

    public static bool IsList(string key) => All.Any(known =>
        known.EndsWith($":{Any}", StringComparison.Ordinal)
        && TypeOf(typeof(ServerSettings), known.Split(':').AsSpan()[..^1]).IsAssignableTo(typeof(IList<string>))
        && Matches(known.Split(':')[..^1], key.Split(':')));

    /// <summary>Whether the value of a setting is a length of time.</summary>
    public static bool IsTime(string key) => PlainTypeOf(key) == typeof(TimeSpan);

    /// <summary>Whether a setting can have a value, apart from its range. Names are not given by number.</summary>
    public static bool Accepts(string key, string value)
    {
        var type = TypeOf(typeof(ServerSettings), key.Split(':'));
        if (PlainTypeOf(key) is { IsEnum: true } names)
            return Enum.GetNames(names).Contains(value, StringComparer.OrdinalIgnoreCase);
        var isEmpty = value.Length == 0 && Nullable.GetUnderlyingType(type) is not null;
        return isEmpty || TypeDescriptor.GetConverter(type).IsValid(value);
    }

    /// <summary>What the value of a setting looks like, as a sentence.</summary>
    public static string Expected(string key)
    {
        var type = PlainTypeOf(key);
        if (type.IsEnum)
            return $"It is one of {string.Join(", ", Enum.GetNames(type))}.";
        if (type == typeof(bool))
            return "It is true or false.";
        return type == typeof(TimeSpan)
            ? "It is a time, written hh:mm:ss; 00:00:10 is ten seconds."
            : "It is a whole number.";
    }

    /// <summary>The key that was probably meant, or <see langword="null"/>.</summary>
    public static string? Nearest(string key)
    {
        var filled = All.Select(known => Fill(known, key));
        return Suggestion.Nearest(key, filled.Where(each => !each.Contains(Any, StringComparison.Ordinal)));
    }

    private static bool Matches(string[] known, string[] key) =>
        known.Length == key.Length
        && known.Zip(key).All(pair =>
            pair.First == Any || string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase));

    /// <summary>Puts the names of a key where a known key has <c>*</c>, so that only the wrong part differs.</summary>
    private static string Fill(string known, string key)
    {
        var names = key.Split(':');
        var filled = known.Split(':')
            .Select((part, index) => part == Any && index < names.Length ? names[index] : part);
        return string.Join(':', filled);
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

    private static IEnumerable<string> KeysOfEntry(Type value, string key) =>
        IsPlain(value) ? [key] : KeysOf(value, $"{key}:");

    private static Type PlainTypeOf(string key)
    {
        var type = TypeOf(typeof(ServerSettings), key.Split(':'));
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private static Type TypeOf(Type type, ReadOnlySpan<string> names)
    {
        if (names.IsEmpty)
            return type;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
            return TypeOf(type.GetGenericArguments()[1], names[1..]);
        const BindingFlags AnyCase = BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase;
        var property = type.GetProperty(names[0], AnyCase);
        return property is null ? typeof(string) : TypeOf(property.PropertyType, names[1..]);
    }

    private static bool IsPlain(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);
}
