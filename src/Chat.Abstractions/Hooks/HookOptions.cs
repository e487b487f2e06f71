namespace Chat.Hooks;

/// <summary>How a hook or guard is bound. All of it can be overridden in the host's configuration, section <c>Hooks:&lt;id&gt;</c>.</summary>
public sealed record HookOptions
{
    /// <summary>A name within the plugin, making the id <c>plugin/name</c>.</summary>
    /// <value>Default <see langword="null"/>: the id is the plugin's, with <c>/2</c>, <c>/3</c> … for further ones.</value>
    public string? Name { get; init; }

    /// <summary>The coarse place in the order.</summary>
    /// <value>Default <see cref="HookBand.Normal"/>.</value>
    public HookBand Band { get; init; } = HookBand.Normal;

    /// <summary>The place within the band; lower runs first.</summary>
    /// <value>Any number. Default <see langword="null"/>: a script's file name prefix (<c>10-shout.csx</c>), else 100.</value>
    public int? Order { get; init; }

    /// <summary>The rooms to act in: names, with <c>*</c> for any run of characters.</summary>
    /// <value>Default empty: all rooms and private messages.</value>
    public IReadOnlyList<string> Rooms { get; init; } = [];

    /// <summary>The origins to act on.</summary>
    /// <value>Default <see cref="MessageOrigins.Client"/>.</value>
    public MessageOrigins Origins { get; init; } = MessageOrigins.Client;

    /// <summary>How long the hook may take for one message before it counts as failed and its late answer is thrown away.</summary>
    /// <value>From 10 ms to 1 hour; default <see langword="null"/>: the server's own, 250 ms.</value>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Whether the hook acts, or only shows what it would do.</summary>
    /// <value>Default <see cref="HookMode.Active"/>.</value>
    public HookMode Mode { get; init; }

    /// <summary>What happens to a message when the hook fails on it.</summary>
    /// <value>Default <see langword="null"/>: <see cref="FailurePolicy.Pass"/> for hooks, <see cref="FailurePolicy.Block"/> for guards.</value>
    public FailurePolicy? OnFailure { get; init; }
}
