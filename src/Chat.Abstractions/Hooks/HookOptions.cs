namespace Chat.Hooks;

/// <summary>Options of a hook or guard. The host's configuration, section <c>Hooks:&lt;id&gt;</c>, can override all of
/// them.</summary>
public sealed record HookOptions
{
    /// <summary>The name within the plugin, which makes the id <c>plugin/name</c>.</summary>
    /// <value>Default <see langword="null"/>: the id is the plugin's id, with <c>/2</c>, <c>/3</c> … appended for
    /// further hooks.</value>
    public string? Name { get; init; }

    /// <summary>The coarse position in the order.</summary>
    /// <value>Default <see cref="HookBand.Normal"/>.</value>
    public HookBand Band { get; init; } = HookBand.Normal;

    /// <summary>The position within the band; lower numbers run first.</summary>
    /// <value>Any number. Default <see langword="null"/>: the prefix of a script's file name (<c>10-shout.csx</c>), or
    /// 100.</value>
    public int? Order { get; init; }

    /// <summary>The names of the rooms to act in; <c>*</c> matches any run of characters.</summary>
    /// <value>Default empty: all rooms, and private messages.</value>
    public IReadOnlyList<string> Rooms { get; init; } = [];

    /// <summary>The origins of the messages to act on.</summary>
    /// <value>Default <see cref="MessageOrigins.Client"/>.</value>
    public MessageOrigins Origins { get; init; } = MessageOrigins.Client;

    /// <summary>How long the hook may take for one message. If it takes longer, the call counts as failed and its
    /// result is discarded.</summary>
    /// <value>From 10 ms to 1 hour; default <see langword="null"/>: the server's default, 250 ms.</value>
    public TimeSpan? TimeBudget { get; init; }

    /// <summary>Whether the hook takes effect or only shows what it would do.</summary>
    /// <value>Default <see cref="HookMode.Active"/>.</value>
    public HookMode Mode { get; init; }

    /// <summary>What happens to a message if the hook fails on it.</summary>
    /// <value>Default <see langword="null"/>: <see cref="FailurePolicy.Pass"/> for hooks,
    /// <see cref="FailurePolicy.Block"/> for guards.</value>
    public FailurePolicy? OnFailure { get; init; }
}
