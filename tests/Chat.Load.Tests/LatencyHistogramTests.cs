using Chat.Load.Counting;

namespace Chat.Load.Tests;

public sealed class LatencyHistogramTests
{
    [Test]
    public void Without_a_time_all_is_0() =>
        Assert.That((new LatencyHistogram().At(0.5), new LatencyHistogram().Max), Is.EqualTo((0L, 0L)));

    [Test]
    public void Any_time_is_kept_to_one_in_64(
        [Values(0, 1, 63, 64, 127, 128, 129, 1_000_003, 77_777_777_777, long.MaxValue / 3)] long time)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(time);
        histogram.Record(long.MaxValue);

        Assert.That(histogram.At(0.5), Is.EqualTo(time).Within(time / 64));
    }

    [Test]
    public void Percentiles_are_those_of_the_sorted_times([Values(0.01, 0.5, 0.9, 0.99, 0.999)] double share)
    {
        var random = new Random(5);
        var times = Enumerable.Range(0, 10_000).Select(_ => (long)Math.Exp(random.NextDouble() * 20)).ToList();
        var histogram = new LatencyHistogram();
        times.ForEach(histogram.Record);
        times.Sort();

        var exact = times[(int)(share * times.Count) - 1];

        Assert.That(histogram.At(share), Is.EqualTo(exact).Within(1 + (exact / 64)));
    }

    [Test]
    public void The_longest_time_is_exact()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(1_234_567);
        histogram.Record(-5);

        Assert.That((histogram.Max, histogram.At(1), histogram.Count), Is.EqualTo((1_234_567L, 1_234_567L, 2L)));
    }
}
