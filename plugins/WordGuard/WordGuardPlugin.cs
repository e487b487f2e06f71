using Chat.Plugins;

namespace WordGuard;

/// <summary>
/// Refuses lines that contain a word from its settings. An example of a guard, and of settings that are validated and
/// take effect without a reload.
/// </summary>
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
