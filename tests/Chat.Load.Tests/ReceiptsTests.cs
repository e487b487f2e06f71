using Chat.Load.Counting;

namespace Chat.Load.Tests;

public sealed class ReceiptsTests
{
    [Test]
    public void Lines_in_order_are_each_the_next() => Assert.That(Take(1, 2, 3), Is.All.EqualTo(Arrival.Next));

    [Test]
    public void A_missing_line_is_noticed_at_the_one_after_it() =>
        Assert.That(Take(1, 3), Is.EqualTo(new[] { Arrival.Next, Arrival.Ahead }));

    [Test]
    public void Two_that_are_swapped_are_one_ahead_and_one_late() =>
        Assert.That(Take(2, 1, 3), Is.EqualTo(new[] { Arrival.Ahead, Arrival.Late, Arrival.Next }));

    [TestCase(1u, 1u)]
    [TestCase(1u, 2u, 1u)]
    [TestCase(3u, 1u, 1u)]
    public void A_line_that_comes_again_is_doubled(params uint[] sequences) =>
        Assert.That(Take(sequences)[^1], Is.EqualTo(Arrival.Doubled));

    [Test]
    public void An_old_line_that_comes_again_is_doubled_if_none_is_missing() =>
        Assert.That(Take([.. Sequence(1, 500), 7])[^1], Is.EqualTo(Arrival.Doubled));

    [Test]
    public void An_old_line_that_was_missing_is_late_and_then_doubled() =>
        Assert.That(Take([.. Sequence(1, 6), .. Sequence(8, 500), 7, 7])[^2..], Is.EqualTo(
            new[] { Arrival.Late, Arrival.Doubled }));

    [Test]
    public void A_step_over_all_that_is_remembered_forgets_nothing_that_is_missing(
        [Values(63u, 64u, 65u, 200u)] uint step)
    {
        var arrivals = Take([1, 1 + step, .. Sequence(2, step), 2]);

        Assert.That((arrivals.Count(arrival => arrival == Arrival.Late), arrivals[^1]), Is.EqualTo(
            ((int)step - 1, Arrival.Doubled)));
    }

    [Test]
    public void Lines_shuffled_and_doubled_near_by_are_counted_as_a_set_counts_them([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        var sequences = Sequence(1, 2000)
            .SelectMany(sequence => Enumerable.Repeat(sequence, random.Next(10) == 0 ? random.Next(3) : 1))
            .OrderBy(sequence => sequence + random.Next(30)).ToArray();
        var seen = new HashSet<uint>();
        var expected = sequences.Select(sequence => seen.Add(sequence)).ToList();

        var arrivals = Take(sequences);

        Assert.That(arrivals.Select(arrival => arrival != Arrival.Doubled), Is.EqualTo(expected));
    }

    private static Arrival[] Take(params uint[] sequences)
    {
        var receipts = new Receipts();
        var arrivals = new Arrival[sequences.Length];
        for (var index = 0; index < sequences.Length; index++)
            arrivals[index] = receipts.Take(sequences[index]);
        return arrivals;
    }

    private static IEnumerable<uint> Sequence(uint from, uint to)
    {
        for (var sequence = from; sequence <= to; sequence++)
            yield return sequence;
    }
}
