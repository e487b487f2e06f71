using Chat.Commands;

namespace Chat.Plugins;

/// <summary>Takes a plugin's commands and timers. Open only while the plugin starts.</summary>
public interface ICommandRegistry
{
    /// <summary>Adds a command.</summary>
    /// <param name="name">Its name without the slash.</param>
    /// <param name="usage">Its arguments, as <c>/help</c> shows them; empty when it takes none.</param>
    /// <param name="help">What it does, in a few words.</param>
    /// <param name="execute">What it answers; a plain or an <c>async</c> lambda.</param>
    /// <exception cref="ArgumentException">The name is not 1 to 24 letters, digits, <c>-</c> or <c>_</c>.</exception>
    /// <exception cref="InvalidOperationException">The plugin has already started, or has registered this command before.</exception>
    void Command(string name, string usage, string help, Func<CommandCall, ValueTask<CommandResult>> execute);

    /// <summary>Adds a timer, which first fires one interval after the plugin has gone live.</summary>
    /// <param name="interval">From 10 milliseconds up. Never two calls at once: a tick that comes during a call waits for its end.</param>
    /// <param name="tick">What to do.</param>
    /// <exception cref="ArgumentOutOfRangeException">The interval is too short.</exception>
    /// <exception cref="InvalidOperationException">The plugin has already started.</exception>
    void Every(TimeSpan interval, Func<ValueTask> tick);
}
