namespace Chat.Engine.Outbound;

/// <summary>The owner of the connection an <see cref="OutboundPump"/> writes to. Called on the sending thread,
/// whichever that is.</summary>
internal interface IPumpOwner
{
    /// <summary>What encodes the events for the connection.</summary>
    IEventEncoder Encoder { get; }

    /// <summary>A member fell too far behind and must be disconnected.</summary>
    void TooSlow(Member member);

    /// <summary>The client acknowledged nothing within the send timeout.</summary>
    void Stuck();

    /// <summary>The connection broke or could not be written to. Nothing is sent afterwards.</summary>
    void Failed(Exception exception);
}
