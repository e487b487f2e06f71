using Chat.Engine.Rooms;

namespace Chat.Engine.Outbound;

/// <summary>Whose connection an <see cref="OutboundPump"/> writes to, and what it needs to know of that. Called on whatever thread sends.</summary>
internal interface IPumpOwner
{
    /// <summary>A member is too far behind, and the server is set to disconnect for it.</summary>
    void TooSlow(Member member);

    /// <summary>The connection has taken no byte for the whole time it may.</summary>
    void Stuck();

    /// <summary>The connection has broken, or could not be written to for another reason. Nothing is sent after it.</summary>
    void Failed(Exception exception);
}
