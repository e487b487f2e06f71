using Chat.Engine.Isolation;

namespace Chat.Benchmarks.Micro;

/// <summary>Whose runner is never stuck.</summary>
internal sealed class Nobody : ILeaseOwner
{
    public void TakeOver(Lease lost) => throw new InvalidOperationException("A call that does nothing is stuck.");
}
