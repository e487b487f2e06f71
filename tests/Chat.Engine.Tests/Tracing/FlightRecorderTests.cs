using Chat.Engine.Tracing;
using Chat.Events;
using Chat.Testing;

namespace Chat.Engine.Tests.Tracing;

[CancelAfter(30000)]
public sealed class FlightRecorderTests
{
    [Test]
    public void Only_as_many_lines_are_known_as_it_holds()
    {
        var recorder = new FlightRecorder(4);
        for (var id = 1; id <= 6; id++)
            Keep(recorder, id);

        Assert.That(
            Enumerable.Range(1, 6).Select(id => recorder.Find(id)?.Id),
            Is.EqualTo(new long?[] { null, null, 3, 4, 5, 6 }));
    }

    [Test]
    public void The_last_line_of_a_connection_is_found_among_those_of_others()
    {
        var recorder = new FlightRecorder(8);
        Keep(recorder, 1, "c1");
        Keep(recorder, 2, "c1");
        Keep(recorder, 3, "c2");

        Assert.That(
            (recorder.LastOf("c1")?.Id, recorder.LastOf("c3"), recorder.SenderOf(3)),
            Is.EqualTo((2L, (LineExplanation?)null, "c2")));
    }

    [Test]
    public void Traces_are_used_again()
    {
        var recorder = new FlightRecorder(2);
        var first = new LineTrace();
        first.Begin(Some.Message() with { Id = 1 }, []);
        var second = recorder.Keep(first);
        second.Begin(Some.Message() with { Id = 2 }, []);
        var third = recorder.Keep(second);
        third.Begin(Some.Message() with { Id = 3 }, []);

        Assert.That(recorder.Keep(third), Is.SameAs(first));
    }

    [Test]
    public async Task Who_reads_while_lines_flow_gets_whole_lines_or_none(CancellationToken cancellationToken)
    {
        var recorder = new FlightRecorder(2);
        var writing = Task.Run(
            () =>
            {
                var trace = new LineTrace();
                for (var id = 1; id <= 200_000; id++)
                {
                    var text = id.ToString(System.Globalization.CultureInfo.InvariantCulture);
                    trace.Begin(Some.Message(text) with { Id = id }, []);
                    trace = recorder.Keep(trace);
                }
            },
            cancellationToken);

        var seen = 0;
        while (!writing.IsCompleted)
        {
            if (recorder.LastOf("memory-0") is not { } line)
                continue;
            Assert.That(line.Text, Is.EqualTo(line.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            seen++;
        }

        await writing;
        Assert.That((recorder.Find(200_000)?.Text, seen >= 0), Is.EqualTo(("200000", true)));
    }

    private static void Keep(FlightRecorder recorder, long id, string connection = "c1")
    {
        var trace = new LineTrace();
        trace.Begin(Some.Message() with { Id = id, Sender = new Sender(connection, "ann") }, []);
        recorder.Keep(trace);
    }
}
