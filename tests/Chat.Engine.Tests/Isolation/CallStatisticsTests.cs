using Chat.Engine.Isolation.Targets;

namespace Chat.Engine.Tests.Isolation;

public sealed class CallStatisticsTests
{
    [Test]
    public void Without_a_timed_call_there_is_no_percentile()
    {
        Assert.That(new CallStatistics().Percentile(0.5), Is.Null);
    }

    [TestCase(0.5, 500)]
    [TestCase(0.99, 990)]
    [TestCase(1.0, 1000)]
    public void A_percentile_is_right_to_within_a_fifth(double share, double microseconds)
    {
        var statistics = new CallStatistics();
        for (var call = 1; call <= 1000; call++)
            statistics.Took(TimeSpan.FromMicroseconds(call));

        Assert.That(
            statistics.Percentile(share)!.Value.TotalMicroseconds, Is.InRange(microseconds, microseconds * 1.2));
    }

    [Test]
    public void Times_out_of_any_range_are_counted_all_the_same()
    {
        var statistics = new CallStatistics();
        statistics.Took(TimeSpan.Zero);
        statistics.Took(TimeSpan.FromDays(10));

        Assert.That(
            (
                statistics.Percentile(0.5) < TimeSpan.FromMicroseconds(1),
                statistics.Percentile(1) > TimeSpan.FromMinutes(10)),
            Is.EqualTo((true, true)));
    }
}
