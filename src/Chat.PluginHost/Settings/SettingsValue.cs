using System.Text.Json;

namespace Chat.PluginHost.Settings;

/// <summary>One value of a settings file.</summary>
/// <param name="Kind">What it is in JSON.</param>
/// <param name="Text">The value as text; <see langword="null"/> if it is not a single value.</param>
/// <param name="Items">The elements of a list; empty if it is not a list.</param>
/// <param name="Shown">The value as a message names it.</param>
/// <param name="Place">Its place: <c>line:column</c>, both from 1.</param>
internal sealed record SettingsValue(
    JsonTokenType Kind, string? Text, IReadOnlyList<string> Items, string Shown, string Place);
