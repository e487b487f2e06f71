using System.Globalization;
using System.Text.RegularExpressions;
using Chat.Scenes.Clients;

namespace Chat.PluginHost.Tests;

[CancelAfter(60000)]
public sealed partial class TrafficTests
{
    [TestCase("a script")]
    [TestCase("a DLL")]
    public async Task While_it_is_saved_often_no_line_is_lost_or_reordered_and_each_version_knows_those_before(
        string kind, CancellationToken cancellationToken)
    {
        const int Saves = 20;
        Func<PluginChat, int, Task> saveAsync = kind == "a DLL"
            ? (chat, version) => chat.SaveAsync("Stamp.dll", StampDll(version))
            : (chat, version) => chat.SaveAsync("stamp.csx", StampScript(version));
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        var clients = await chat.Chat.EnterAllAsync("ann", "bob", "eve");
        await saveAsync(chat, 0);
        using var saved = new CancellationTokenSource();
        var talking = clients[..2].Select(client => TalkAsync(client, saved.Token)).ToList();
        var hearing = ListenAsync(clients[2]);

        for (var save = 1; save <= Saves; save++)
            await saveAsync(chat, save);
        await saved.CancelAsync();
        var said = await Task.WhenAll(talking);
        await clients[0].SendLineAsync("/versions");
        await clients[0].ExpectAsync(
            string.Concat(Enumerable.Range(0, Saves + 1).Select(version => $"{version} ")).TrimEnd());
        await clients[0].SendLineAsync("/quit");
        await clients[1].SendLineAsync("/quit");
        var heard = await hearing;

        Assert.That(
            heard.Select(line => line.First),
            Is.EqualTo(heard.Select(line => line.Second)),
            "each line sees one version");
        Assert.That(heard.Where(line => line.Nick == "ann").Select(line => line.Number), Is.EqualTo(
            Enumerable.Range(0, said[0])));
        Assert.That(heard.Where(line => line.Nick == "bob").Select(line => line.Number), Is.EqualTo(
            Enumerable.Range(0, said[1])));
        Assert.That(
            heard.Select(line => line.First).Distinct().Count(),
            Is.GreaterThan(5),
            "the versions did change under way");
        Assert.That(chat.Plugins.Plugins.Single().Version, Is.EqualTo(Saves + 1));
    }

    private static string StampScript(int version) =>
        $$"""
        var versions = "";
        OnMessage(m => Rewrite(m.Text + " {{version}}"));
        OnMessage(async m => { await Task.Yield(); return Rewrite(m.Text + "/{{version}}"); });
        Command("versions", "", "", call => Reply(versions + "{{version}}"));
        Save(() => versions + "{{version}} ");
        Restore(before => versions = before);
        """;

    private static byte[] StampDll(int version) => CompiledPlugin.Starting(
        "Stamp",
        $$"""
        var versions = "";
        context.OnMessage(m => Rewrite(m.Text + " {{version}}"));
        context.OnMessage(async m => { await Task.Yield(); return Rewrite(m.Text + "/{{version}}"); });
        context.Command("versions", "", "", call => Reply(versions + "{{version}}"));
        context.Save(() => versions + "{{version}} ");
        context.Restore(before => versions = before);
        """);

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

    private static async Task<List<(string Nick, int Number, string First, string Second)>> ListenAsync(
        TestClient client)
    {
        List<(string, int, string, string)> heard = [];
        var left = 0;
        while (left < 2 && await client.ReadLineAsync() is { } line)
        {
            if (Stamped().Match(line) is { Success: true } match)
            {
                var number = int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture);
                heard.Add((match.Groups[1].Value, number, match.Groups[3].Value, match.Groups[4].Value));
            }
            else
                left++;
        }

        return heard;
    }

    [GeneratedRegex(@"^<(ann|bob)> line (\d+) (\d+)/(\d+)$")]
    private static partial Regex Stamped();
}
