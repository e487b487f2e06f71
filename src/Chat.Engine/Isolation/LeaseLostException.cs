namespace Chat.Engine.Isolation;

/// <summary>Thrown when a call returns after its lease was revoked and another runner has taken over. The receiver
/// unwinds and touches nothing. Never leaves the engine.</summary>
internal sealed class LeaseLostException : Exception
{
    public LeaseLostException()
        : base("The call returned too late; the line continued without it.")
    {
    }
}
