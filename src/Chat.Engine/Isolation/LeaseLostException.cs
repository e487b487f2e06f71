namespace Chat.Engine.Isolation;

/// <summary>
/// A call has come back after its time was up and somebody else has taken over: whoever sees this unwinds and touches nothing.
/// Never leaves the engine.
/// </summary>
internal sealed class LeaseLostException : Exception
{
    public LeaseLostException()
        : base("The call came back too late; its line has gone on without it.")
    {
    }
}
