using Chat.Engine.Rooms;
using Chat.Testing;

namespace Chat.Engine.Tests.Rooms;

public sealed class LineLogTests
{
    private const int Cost = 100;

    [Test]
    public void A_line_is_read_back_by_its_sequence()
    {
        var log = Log(lines: 3);

        var isThere = log.TryRead(1, out var entry);

        Assert.That(
            (isThere, entry?.Sequence, entry?.Stamp, entry?.Event), Is.EqualTo((true, 1L, 1L, Some.Said("line 1"))));
    }

    [Test]
    public void The_line_at_the_tail_is_not_there_yet()
    {
        var log = Log(lines: 3);

        var isThere = log.TryRead(3, out var entry);

        Assert.That((isThere, entry), Is.EqualTo((true, (LogEntry?)null)));
    }

    [TestCase(16, 0)]
    [TestCase(17, 1)]
    [TestCase(40, 24)]
    public void Only_the_newest_lines_of_a_full_log_are_kept(int lines, int head)
    {
        var log = Log(lines);

        Assert.That((log.Head, log.Tail), Is.EqualTo(((long)head, (long)lines)));
    }

    [Test]
    public void A_reader_of_a_forgotten_line_is_told_it_was_lapped()
    {
        var log = Log(lines: 17);

        var isThere = log.TryRead(0, out var entry);

        Assert.That((isThere, entry), Is.EqualTo((false, (LogEntry?)null)));
    }

    [Test]
    public void Growing_keeps_every_line()
    {
        var log = Log(lines: 1024, capacity: 1024);

        var texts = Enumerable.Range(0, 1024).Select(
            sequence => log.TryRead(sequence, out var entry) ? entry!.Sequence : -1);

        Assert.That(texts, Is.EqualTo(Enumerable.Range(0, 1024)));
    }

    [TestCase(10 * Cost, 10)]
    [TestCase((10 * Cost) - 1, 9)]
    [TestCase((10 * Cost) + 1, 10)]
    public void The_byte_limit_decides_how_many_lines_are_kept(long maxBytes, int kept)
    {
        var log = Log(lines: 12, maxBytes: maxBytes);

        Assert.That(log.Tail - log.Head, Is.EqualTo(kept));
    }

    [Test]
    public void The_newest_line_is_kept_however_large_it_is()
    {
        var log = Log(lines: 3, maxBytes: 1);

        var isThere = log.TryRead(2, out var entry);

        Assert.That((isThere, entry?.Sequence, log.Head), Is.EqualTo((true, 2L, 2L)));
    }

    [Test]
    public void Room_is_made_again_after_a_large_line_has_gone()
    {
        var log = new LineLog(16, 10 * Cost, new LogBudget(long.MaxValue));
        log.Append(Some.Said(), 0, 10 * Cost);

        for (var line = 1; line <= 10; line++)
            log.Append(Some.Said(), line, Cost);

        Assert.That((log.Head, log.Tail), Is.EqualTo((1L, 11L)));
    }

    [TestCase(16, long.MaxValue)]
    [TestCase(4096, long.MaxValue)]
    [TestCase(64, 20L * Cost)]
    [CancelAfter(10000)]
    public async Task Readers_see_the_writers_order_without_gaps_while_it_writes(
        int capacity, long maxBytes, CancellationToken cancellationToken)
    {
        const int Lines = 100_000;
        const int Readers = 3;
        var log = new LineLog(capacity, maxBytes, new LogBudget(long.MaxValue));

        var readers = Enumerable.Range(0, Readers).Select(
            _ => Task.Run(() => Follow(log, Lines, cancellationToken), cancellationToken)).ToList();
        for (var line = 0; line < Lines; line++)
            log.Append(Some.Said(), line, Cost);
        var problems = await Task.WhenAll(readers);

        Assert.That(problems, Is.All.Null);
    }

    private static string? Follow(LineLog log, int lines, CancellationToken cancellationToken)
    {
        long cursor = 0;
        while (cursor < lines && !cancellationToken.IsCancellationRequested)
        {
            if (!log.TryRead(cursor, out var entry))
            {
                var head = log.Head;
                if (head <= cursor)
                    return $"told it was lapped at {cursor}, but the head is {head}";
                cursor = head;
            }
            else if (entry is not null)
            {
                if (entry.Sequence != cursor || entry.Stamp != cursor)
                    return $"asked for {cursor} and got {entry.Sequence}";
                cursor++;
            }
        }

        return cursor == lines ? null : $"got no further than {cursor}";
    }

    private static LineLog Log(int lines, int capacity = 16, long maxBytes = long.MaxValue)
    {
        var log = new LineLog(capacity, maxBytes, new LogBudget(long.MaxValue));
        for (var line = 0; line < lines; line++)
            log.Append(Some.Said($"line {line}"), line, Cost);
        return log;
    }
}
