namespace Chat.Engine.Isolation;

/// <summary>
/// How many lines of plugins led to what is running now; flows with it, over awaits too. A line that a plugin says is one deeper than what
/// it answers to; past the limit it is not said, so plugins that answer each other come to an end.
/// </summary>
internal static class CausalDepth
{
    /// <summary>The deepest a line may be.</summary>
    public const int Limit = 8;

    private static readonly AsyncLocal<int> _current = new();

    /// <summary>0 while a person's line is handled, and where nothing is known.</summary>
    public static int Current
    {
        get => _current.Value;
        set
        {
            // Setting it makes a new execution context, so nobody pays for what is the case anyway.
            if (_current.Value != value)
                _current.Value = value;
        }
    }
}
