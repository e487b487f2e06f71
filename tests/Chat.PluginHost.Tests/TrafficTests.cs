using System.Globalization;
using System.Text.RegularExpressions;
using Chat.Testing;

namespace Chat.PluginHost.Tests;

[CancelAfter(60000)]
public sealed partial class TrafficTests
{
    [Test]
    public async Task While_a_script_is_saved_again_and_again_no_line_is_lost_doubled_or_reordered_and_each_sees_one_version(CancellationToken cancellationToken)
    {
        const int Saves = 20;
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var clients = await chat.Chat.EnterAllAsync("ann", "bob", "eve");
        await chat.SaveAsync("stamp.csx", Stamp(0));
        using var saved = new CancellationTokenSource();
        var talking = clients[..2].Select(client => TalkAsync(client, saved.Token)).ToList();
        var hearing = ListenAsync(clients[2]);

        for (var save = 1; save <= Saves; save++)
            await chat.SaveAsync("stamp.csx", Stamp(save));
        await saved.CancelAsync();
        var said = await Task.WhenAll(talking);
        await clients[0].SendLineAsync("/quit");
        await clients[1].SendLineAsync("/quit");
        var heard = await hearing;

        Assert.That(heard.Select(line => line.First), Is.EqualTo(heard.Select(line => line.Second)), "each line sees one version");
        Assert.That(heard.Where(line => line.Nick == "ann").Select(line => line.Number), Is.EqualTo(Enumerable.Range(0, said[0])));
        Assert.That(heard.Where(line => line.Nick == "bob").Select(line => line.Number), Is.EqualTo(Enumerable.Range(0, said[1])));
        Assert.That(heard.Select(line => line.First).Distinct().Count(), Is.GreaterThan(5), "the versions did change under way");
        Assert.That(chat.Plugins.Plugins.Single().Version, Is.EqualTo(Saves + 1));
    }

    private static string Stamp(int version) =>
        $$"""
        OnMessage(m => Rewrite(m.Text + " {{version}}"));
        OnMessage(async m => { await Task.Yield(); return Rewrite(m.Text + "/{{version}}"); });
        """;

    /// <summary>Counts aloud until it is enough, waiting for its own echo every few lines.</summary>
    private static async Task<int> TalkAsync(TestClient client, CancellationToken enough)
    {
        var count = 0;
        while (!enough.IsCancellationRequested)
        {
            for (var burst = 0; burst < 20; burst++)
                await client.SendLineAsync($"line {count++}");
            await client.PingAsync();
        }

        return count;
    }

    private static async Task<List<(string Nick, int Number, string First, string Second)>> ListenAsync(TestClient client)
    {
        List<(string, int, string, string)> heard = [];
        var left = 0;
        while (left < 2 && await client.ReadLineAsync() is { } line)
        {
            if (Stamped().Match(line) is { Success: true } match)
                heard.Add((match.Groups[1].Value, int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), match.Groups[3].Value, match.Groups[4].Value));
            else
                left++;
        }

        return heard;
    }

    [GeneratedRegex(@"^<(ann|bob)> line (\d+) (\d+)/(\d+)$")]
    private static partial Regex Stamped();
}
