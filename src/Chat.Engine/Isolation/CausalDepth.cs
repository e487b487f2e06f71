namespace Chat.Engine.Isolation;

/// <summary>The number of plugin messages that led to the running code; flows with the execution context, across awaits
/// too. A message from a plugin is one deeper than the message it answers. Past the limit it is dropped, so plugins
/// that answer each other stop.</summary>
internal static class CausalDepth
{
    /// <summary>The maximum depth of a message.</summary>
    public const int Limit = 8;

    private static readonly AsyncLocal<int> _current = new();

    /// <summary>The current depth; 0 while a person's line is handled, and if the depth is unknown.</summary>
    public static int Current
    {
        get => _current.Value;
        set
        {
            // Every assignment allocates an execution context, so unchanged values are skipped.
            if (_current.Value != value)
                _current.Value = value;
        }
    }
}
