using System.Text.Json;

namespace Chat.PluginHost.Settings;

/// <summary>One value of a settings file.</summary>
/// <param name="Kind">What it is in JSON.</param>
/// <param name="Text">The value as text; <see langword="null"/> for what is no single value.</param>
/// <param name="Items">The elements of a list; empty for what is none.</param>
/// <param name="Shown">The value as a message names it.</param>
/// <param name="Place">Where it stands: <c>line:column</c>, both from 1.</param>
internal sealed record SettingsValue(JsonTokenType Kind, string? Text, IReadOnlyList<string> Items, string Shown, string Place);
