using Chat.Hooks;
using Chat.Plugins;

namespace WordGuard;

/// <summary>Refuses lines with words from its settings. Shows a guard, and settings that are reloaded when edited.</summary>
public sealed class WordGuardPlugin : IChatPlugin
{
    /// <inheritdoc/>
    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        var words = new HashSet<string>(context.Settings.List("words"), StringComparer.OrdinalIgnoreCase);
        if (words.Count == 0)
            throw new InvalidOperationException("the settings have no \"words\": a list of texts. To guard nothing, set Hooks:WordGuard:Enabled to false");
        var refusal = Verdict.Deny(context.Settings["reason"] ?? "Not sent: one of these words is not welcome here.");
        context.OnSending(message => HasAny(message.Text, words) ? refusal : Verdict.Allow);
        return default;
    }

    private static bool HasAny(string text, HashSet<string> words)
    {
        var lookup = words.GetAlternateLookup<ReadOnlySpan<char>>();
        for (var start = 0; start < text.Length; start++)
        {
            var end = start;
            while (end < text.Length && char.IsLetterOrDigit(text[end]))
                end++;
            if (end > start && lookup.Contains(text.AsSpan(start, end - start)))
                return true;
            start = end;
        }

        return false;
    }
}
