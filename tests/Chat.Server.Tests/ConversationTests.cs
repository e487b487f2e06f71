using System.Globalization;

namespace Chat.Server.Tests;

/// <summary>
/// Whole conversations as text files, run over real sockets. A line of a scene is <c>ann says TEXT</c>, <c>ann sees TEXT</c>
/// (reads on until a line is that text), <c>ann sees nothing</c> (nothing more has come for her), or <c>ann leaves</c>. Who
/// speaks first is connected and renamed first; lines that begin with # are notes.
/// </summary>
[CancelAfter(60_000)]
internal sealed class ConversationTests
{
    public static IEnumerable<string> Scenes =>
        Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Conversations"), "*.txt").Select(Path.GetFileNameWithoutExtension).Order()!;

    [TestCaseSource(nameof(Scenes))]
    public async Task The_scene_goes_as_it_is_written(string scene, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");
        var people = new Dictionary<string, LineClient>(StringComparer.Ordinal);
        var lines = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Conversations", $"{scene}.txt"), cancellationToken);

        foreach (var (number, line) in lines.Index().Where(each => each.Item.Length > 0 && each.Item[0] != '#'))
        {
            var words = line.Split(' ', 3);
            var who = words[0];
            if (!people.TryGetValue(who, out var person))
            {
                people[who] = person = await LineClient.ConnectAsync(server.EndPoint, who, cancellationToken);
                foreach (var other in people.Values)
                    await other.SeenSoFarAsync();
            }

            await PlayAsync(person, words, string.Create(CultureInfo.InvariantCulture, $"{scene}.txt:{number + 1}: {line}"));
        }

        foreach (var person in people.Values)
            person.Dispose();
    }

    private static async Task PlayAsync(LineClient person, string[] words, string place)
    {
        switch (words[1])
        {
            case "comes":
                break;
            case "says":
                await person.SendAsync(words.Length > 2 ? words[2] : "");
                break;
            case "sees" when words[2] == "nothing":
                Assert.That(await person.SeenSoFarAsync(), Is.Empty, place);
                break;
            case "sees":
                await SeesLineAsync(person, words[2], place);
                break;
            case "leaves":
                Assert.That(await person.ReadToEndAsync(), Is.Not.Null, place);
                break;
            default:
                Assert.Fail($"{place}: nobody can do that");
                break;
        }
    }

    private static async Task SeesLineAsync(LineClient person, string expected, string place)
    {
        List<string> seen = [];
        try
        {
            while (await person.ReadAsync() is { } line)
            {
                if (line == expected)
                    return;
                seen.Add(line);
            }
        }
        catch (OperationCanceledException)
        {
            // Waited as long as the test may: say for what.
        }

        Assert.Fail($"{place}\nbut saw:\n{string.Join('\n', seen)}");
    }
}
