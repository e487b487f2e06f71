using System.Text.RegularExpressions;
using Chat.Hooks;
using Chat.Plugins;
using Markdig.Extensions.Emoji;

namespace Emoji;

/// <summary>
/// Turns short codes into pictures: <c>:wave:</c> becomes 👋. An example of a hook that rewrites, and of a plugin with
/// a dependency.
/// </summary>
public sealed partial class EmojiPlugin : IChatPlugin
{
    private readonly Dictionary<string, string> _pictures =
        new(EmojiMapping.GetDefaultEmojiShortcodeToUnicode(), StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        context.OnMessage(message => Draw(message.Text));
        return default;
    }

    private HookResult Draw(string text)
    {
        if (!text.Contains(':', StringComparison.Ordinal))
            return HookResult.Pass;
        var drawn = ShortCode().Replace(text, code => _pictures.GetValueOrDefault(code.Value, code.Value));
        return drawn == text ? HookResult.Pass : HookResult.Rewrite(drawn);
    }

    [GeneratedRegex(@":[A-Za-z0-9_+\-]+:")]
    private static partial Regex ShortCode();
}
