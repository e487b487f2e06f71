using Chat.Plugins;

namespace WordGuard;

/// <summary>Refuses lines with words from its settings. Shows a guard, and settings that are checked, and taken while the plugin goes on.</summary>
public sealed class WordGuardPlugin : IChatPlugin
{
    private volatile ForbiddenWords? _words;

    /// <inheritdoc/>
    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        _words = ForbiddenWords.Read(context.Settings);
        context.OnSettings(settings => _words = ForbiddenWords.Read(settings));
        context.OnSending(message => _words.Judge(message.Text));
        return default;
    }
}
