using Chat.Hooks;

namespace Chat.Engine.Tests.Abstractions;

public sealed class VerdictTests
{
    [Test]
    public void A_denial_has_its_reason_and_an_allowance_has_none()
    {
        Assert.That((Verdict.Deny("no").Reason, Verdict.Allow.Reason), Is.EqualTo(("no", (string?)null)));
    }

    [Test]
    public void A_denial_without_a_reason_is_refused()
    {
        Assert.That(() => Verdict.Deny(null!), Throws.ArgumentNullException);
    }

    [Test]
    public async Task A_verdict_is_its_own_completed_task()
    {
        ValueTask<Verdict> task = Verdict.Allow;

        Assert.That((task.IsCompletedSuccessfully, await task), Is.EqualTo((true, Verdict.Allow)));
    }
}
