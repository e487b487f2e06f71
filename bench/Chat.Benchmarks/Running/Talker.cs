namespace Chat.Benchmarks.Running;

/// <summary>Someone who counts aloud, waits for what has been said so far, and goes on; and notes all they
/// see.</summary>
internal sealed class Talker(BenchClient client, int burst, TimeSpan pause, Sightings dlls, Sightings scripts)
{
    /// <summary>What they have seen.</summary>
    public Ledger Ledger { get; } = new();

    public string Nick => client.Nick;

    /// <summary>How many lines they have sent.</summary>
    public int Sent { get; private set; }

    /// <summary>Talks until it is enough.</summary>
    public async Task TalkAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            for (var line = 0; line < burst; line++)
                await client.SendLineAsync($"line {Sent++}");
            await ListenAsync();
            if (pause > TimeSpan.Zero)
                await Task.Delay(pause, CancellationToken.None);
        }
    }

    /// <summary>Takes everything that has come until now.</summary>
    public Task ListenAsync() => client.PingAsync(Take);

    private void Take(string text)
    {
        if (StampedLine.Read(text) is not { } line)
            return;
        Ledger.Take(line);
        dlls.See(line.Dll);
        scripts.See(line.Script);
    }
}
