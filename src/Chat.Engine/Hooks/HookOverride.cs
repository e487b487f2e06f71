namespace Chat.Engine.Hooks;

/// <summary>An operator's overrides for one hook. A <see langword="null"/> property keeps the plugin's own
/// value.</summary>
public sealed class HookOverride
{
    /// <summary>Whether the hook runs at all.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>The band the hook runs in.</summary>
    public HookBand? Band { get; set; }

    /// <summary>The hook's position within its band; lower runs first.</summary>
    public int? Order { get; set; }

    /// <summary>The rooms the hook acts in, as names or patterns; <c>*</c> matches any run of characters.</summary>
    public IList<string>? Rooms { get; set; }

    /// <summary>The origins the hook acts on.</summary>
    public MessageOrigins? Origins { get; set; }

    /// <summary>How long the hook may take for one message.</summary>
    /// <value>From 10 ms to 1 hour.</value>
    public TimeSpan? TimeBudget { get; set; }

    /// <summary>Whether the hook acts or only reports what it would do.</summary>
    public HookMode? Mode { get; set; }

    /// <summary>What happens to a message if the hook fails on it.</summary>
    public FailurePolicy? OnFailure { get; set; }

    internal HookOptions ApplyTo(HookOptions options) => options with
    {
        Band = Band ?? options.Band,
        Order = Order ?? options.Order,
        Rooms = Rooms is null ? options.Rooms : [.. Rooms],
        Origins = Origins ?? options.Origins,
        TimeBudget = TimeBudget ?? options.TimeBudget,
        Mode = Mode ?? options.Mode,
        OnFailure = OnFailure ?? options.OnFailure,
    };
}
