using System.ComponentModel;
using System.Reflection;
using Chat.Engine.Hooks;

namespace Chat.Scenes.Stages;

/// <summary>Applies a scene's settings to the options of its server, by their configuration keys.</summary>
internal static class SceneSettings
{
    /// <summary>Applies one setting.</summary>
    /// <returns>What is wrong with it; <see langword="null"/> if nothing is.</returns>
    public static string? Apply(ChatServerOptions options, SceneSetting setting) => setting.Key.Split(':') switch
    {
        [var section, var name] when Is(section, "Chat") => Set(options, "Chat", name, setting),
        [var section, var id, var name] when Is(section, "Hooks") =>
            Set(HookOf(options, id), $"Hooks:{id}", name, setting),
        [var section, var id, var name, _] when Is(section, "Hooks") && Is(name, "Rooms") =>
            AddRoom(HookOf(options, id), setting.Value),
        _ => $"a scene cannot set {setting.Key}, only Chat:NAME and Hooks:ID:NAME.",
    };

    private static bool Is(string part, string name) => string.Equals(part, name, StringComparison.OrdinalIgnoreCase);

    private static HookOverride HookOf(ChatServerOptions options, string id) =>
        options.Hooks.TryGetValue(id, out var hook) ? hook : options.Hooks[id] = new HookOverride();

    private static string? AddRoom(HookOverride hook, string room)
    {
        hook.Rooms = [.. hook.Rooms ?? [], room];
        return null;
    }

    private static string? Set(object target, string section, string name, SceneSetting setting)
    {
        var known = target.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && IsPlain(TypeOf(property))).ToList();
        if (known.Find(property => Is(property.Name, name)) is not { } found)
        {
            return $"there is no setting {setting.Key}. "
                + (Suggestion.Nearest(name, known.Select(property => property.Name)) is { } nearest
                    ? $"Did you mean {section}:{nearest}?"
                    : "docs/reference/configuration.md lists all settings.");
        }

        try
        {
            var converter = TypeDescriptor.GetConverter(TypeOf(found));
            found.SetValue(target, converter.ConvertFromInvariantString(setting.Value));
            return null;
        }
        catch (Exception exception) when (
            exception is ArgumentException or FormatException or OverflowException or NotSupportedException)
        {
            return $"{setting.Key} cannot be '{setting.Value}'. {Expected(TypeOf(found))}";
        }
    }

    private static Type TypeOf(PropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;

    private static bool IsPlain(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(TimeSpan);

    private static string Expected(Type type)
    {
        if (type.IsEnum)
            return $"It is one of {string.Join(", ", Enum.GetNames(type))}.";
        if (type == typeof(bool))
            return "It is true or false.";
        return type == typeof(TimeSpan)
            ? "It is a time, written hh:mm:ss; 00:00:10 is ten seconds."
            : "It is a whole number.";
    }
}
