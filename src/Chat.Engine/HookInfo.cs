namespace Chat.Engine;

/// <summary>A hook or guard in the order they run.</summary>
/// <param name="Id">The id of the hook or guard.</param>
/// <param name="Stage"><c>hook</c> or <c>guard</c>.</param>
/// <param name="Band">The band it runs in.</param>
/// <param name="Order">The position within the band; lower runs first.</param>
/// <param name="Source">What its owner was loaded from.</param>
public sealed record HookInfo(string Id, string Stage, HookBand Band, int Order, string Source);
