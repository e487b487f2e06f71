using Chat.Engine.Connections;
using Chat.Scenes.Clients;
using Microsoft.Extensions.Time.Testing;

namespace Chat.Engine.Tests.Connections;

public sealed class ConnectionLogTests
{
    private readonly CollectingLog _log = new();
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void A_storm_of_connections_that_are_closed_is_a_few_lines_and_the_next_minute_begins_anew()
    {
        var storms = new ConnectionLog(_time, _log.CreateLogger(""));

        for (var connection = 0; connection < 500; connection++)
            storms.Closing($"c{connection}", "guest", "keeps negotiating telnet options");
        var first = _log.Lines.All.Count;
        _time.Advance(TimeSpan.FromMinutes(1));
        storms.Closing("later", "guest", "read nothing for 10 s");

        Assert.That(
            (first, _log.Lines.All[^1]),
            Is.EqualTo((21, "Warning: Connection later (guest) is being closed: read nothing for 10 s.")));
    }

    [Test]
    public void A_storm_of_connections_nobody_has_seen_is_one_line_and_a_few_are_none()
    {
        var storms = new ConnectionLog(_time, _log.CreateLogger(""));

        for (var connection = 0; connection < 100; connection++)
            storms.Unseen();
        var few = _log.Lines.All.Count;
        for (var connection = 0; connection < 1000; connection++)
            storms.Unseen();

        Assert.That((few, _log.Lines.All.Count), Is.EqualTo((0, 1)));
    }
}
