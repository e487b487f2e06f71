using Chat.Server.Memory;

namespace Chat.Server.Tests.Memory;

public sealed class BurstEndTests
{
    private readonly BurstEnd _burst = new(much: 1000, little: 10, allocated: 500);

    [Test]
    public void A_burst_ends_when_it_becomes_quiet()
    {
        bool[] ended = [_burst.Look(1000), _burst.Look(1500), _burst.Look(1509)];

        Assert.That(ended, Is.EqualTo(new[] { false, false, true }));
    }

    [TestCase(9, true)]
    [TestCase(10, false)]
    public void Quiet_is_less_than_the_limit(long lately, bool isEnd)
    {
        _burst.Look(2000);

        Assert.That(_burst.Look(2000 + lately), Is.EqualTo(isEnd));
    }

    [TestCase(1499, false)]
    [TestCase(1500, true)]
    public void What_is_allocated_slowly_adds_up_to_a_burst(long allocated, bool isEnd)
    {
        for (var slowly = 500L; slowly < allocated; slowly += 5)
            _burst.Look(slowly);

        Assert.That(_burst.Look(allocated), Is.EqualTo(isEnd));
    }

    [Test]
    public void A_burst_ends_once()
    {
        _burst.Look(2000);
        _burst.Look(2001);

        Assert.That(_burst.Look(2002), Is.False);
    }
}
