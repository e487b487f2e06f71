namespace Chat.Events;

/// <summary>An event between the servers that share a <see cref="Backplane.IBackplane"/>. Nobody is shown it.</summary>
/// <param name="Sender">The session it is about.</param>
public abstract record ServerEvent(Sender Sender) : ChatEvent;

/// <summary>A session claims a nick. The first claim in the order wins; a later one has no effect until the nick is
/// released.</summary>
/// <param name="Sender">The session, with the nick that it claims.</param>
public sealed record NickClaimed(Sender Sender) : ServerEvent(Sender);

/// <summary>A session gives up a nick. It has no effect if another session owns the nick.</summary>
/// <param name="Sender">The session, with the nick that it gives up.</param>
public sealed record NickReleased(Sender Sender) : ServerEvent(Sender);

/// <summary>A whisper could not be delivered. Published by the recipient's server.</summary>
/// <param name="Sender">The sender of the whisper.</param>
/// <param name="To">The recipient's nick.</param>
/// <param name="Code">Why.</param>
public sealed record Undelivered(Sender Sender, string To, RefusalCode Code) : ServerEvent(Sender);
