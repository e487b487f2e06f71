using System.Text;

namespace Chat.PluginHost.Context;

/// <summary>The state that passes from one version of a plugin to the next: a text.</summary>
internal sealed class StateHandOver(string plugin, string source, ILogger logger)
{
    private const int MaxBytes = 1024 * 1024;

    private Func<string?>? _save;
    private Action<string>? _restore;

    /// <summary>Whether there is something to save.</summary>
    public bool Saves => _save is not null;

    public void OnSave(Func<string?> save)
    {
        ArgumentNullException.ThrowIfNull(save);
        _save = _save is null ? save : throw new InvalidOperationException(
            "Save has been called before. One text crosses to the next version: put all of it into that.");
    }

    public void OnRestore(Action<string> restore)
    {
        ArgumentNullException.ThrowIfNull(restore);
        _restore = _restore is null ? restore : throw new InvalidOperationException(
            "Restore has been called before. One text comes from the version before: read all of it in one place.");
    }

    /// <summary>Gets the text from this version. Never throws; runs the plugin's code, which may not return.</summary>
    /// <returns>The text; <see langword="null"/> if there is none, or if the plugin failed, which is logged.</returns>
    public string? Save()
    {
        string problem;
        try
        {
            var text = _save?.Invoke();
            if (text is null || Encoding.UTF8.GetByteCount(text) is var bytes && bytes <= MaxBytes)
                return text;
            problem = $"its text has {bytes} bytes, and at most {MaxBytes} cross to the next version";
        }
        catch (Exception exception)
        {
            problem = ExceptionText.Describe(exception);
        }

        PluginLog.NotSaved(logger, plugin, problem);
        return null;
    }

    /// <summary>Hands a text to this version. Runs the plugin's code, which may not return.</summary>
    /// <exception cref="PluginLoadException">The plugin refuses it.</exception>
    public void Restore(string text)
    {
        try
        {
            _restore?.Invoke(text);
        }
        catch (Exception exception)
        {
            var fault = ExceptionText.Describe(exception);
            throw new PluginLoadException(
                source, $"it could not restore what the version before it had saved: {fault}", cause: exception);
        }
    }
}
