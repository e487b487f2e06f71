using Chat.Hooks;

namespace Chat.Engine.Hooks;

/// <summary>What an operator wants of one hook, whatever its plugin says. What is <see langword="null"/> stays as the plugin has it.</summary>
public sealed class HookOverride
{
    /// <summary>Whether the hook runs at all.</summary>
    /// <value>Default <see langword="true"/>.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>The band to run in.</summary>
    public HookBand? Band { get; set; }

    /// <summary>The place within the band; lower runs first.</summary>
    public int? Order { get; set; }

    /// <summary>The rooms to act in: names, with <c>*</c> for any run of characters.</summary>
    public IList<string>? Rooms { get; set; }

    /// <summary>The origins to act on.</summary>
    public MessageOrigins? Origins { get; set; }

    /// <summary>How long the hook may take for one message.</summary>
    /// <value>From 10 ms to 1 hour.</value>
    public TimeSpan? TimeBudget { get; set; }

    /// <summary>Whether it acts, or only shows what it would do.</summary>
    public HookMode? Mode { get; set; }

    /// <summary>What happens to a message when the hook fails on it.</summary>
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
