using Chat.Hooks;

namespace Chat.Engine;

/// <summary>One hook or guard in the order they run.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Stage"><c>hook</c> or <c>guard</c>.</param>
/// <param name="Band">The band it runs in.</param>
/// <param name="Order">The place within the band.</param>
/// <param name="Source">What its owner was loaded from.</param>
public sealed record HookInfo(string Id, string Stage, HookBand Band, int Order, string Source);
