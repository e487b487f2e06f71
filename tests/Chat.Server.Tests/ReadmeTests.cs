using System.Diagnostics;
using System.Net;
using System.Text;

namespace Chat.Server.Tests;

/// <summary>
/// Follows the tour in the README line by line, in a fresh copy of the repository, as a newcomer does after a clone.
/// Only the two port numbers are replaced by free ones. Packs the engine, and builds and runs the embedding sample from
/// the packages.
/// </summary>
[CancelAfter(900_000)]
[Parallelizable(ParallelScope.Self)]
internal sealed class ReadmeTests
{
    private readonly int _serverPort = FreePort.Any();
    private readonly int _samplePort = FreePort.Any();
    private readonly List<Process> _background = [];
    private readonly StringBuilder _printed = new();
    private LineClient? _client;
    private string _typed = "";
    private TaskCompletionSource _morePrinted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Test]
    public async Task Every_line_of_the_tour_does_what_it_says(CancellationToken cancellationToken)
    {
        using var copy = await RepositoryCopy.MakeAsync(cancellationToken);
        try
        {
            foreach (var line in Tour())
                await FollowAsync(line, copy, cancellationToken);

            // The sample prints every line it sees.
            await PrintsAsync("<host> hello from the application", cancellationToken);
            await PrintsAsync("<guest1> IT WORKS!", cancellationToken);
        }
        finally
        {
            _client?.Dispose();
            foreach (var process in _background)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
                process.Dispose();
            }
        }
    }

    private IEnumerable<string> Tour()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "README.md"))
            .Replace("8888", $"{_serverPort}", StringComparison.Ordinal)
            .Replace("4000", $"{_samplePort}", StringComparison.Ordinal);
        var lines = text.Split('\n').SkipWhile(
            line => line != "```console").Skip(1).TakeWhile(line => line != "```").ToList();
        Assert.That(lines, Has.Count.AtLeast(20));
        return lines;
    }

    private async Task FollowAsync(string line, RepositoryCopy copy, CancellationToken cancellationToken)
    {
        switch (line)
        {
            case ['$', ' ', .. var command] when command.StartsWith("dotnet run", StringComparison.Ordinal):
                await StartAsync(command, copy, cancellationToken);
                break;
            case ['$', ' ', .. var command] when command.Split(' ') is ["telnet" or "nc", var host, var port]:
                _client?.Dispose();
                _client = await LineClient.ConnectAsync(
                    new IPEndPoint(
                        IPAddress.Parse(host), int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)),
                    cancellationToken);
                break;
            case ['$', ' ', .. var command]:
                await copy.RunAsync(command, cancellationToken);
                break;
            case ['>', ' ', .. var typed]:
                _typed = typed;
                await _client!.SendAsync(typed);
                break;
            case ['<', ' ', .. var seen]:
                await SeesAsync(seen);
                break;
            default:
                Assert.That(line, Does.StartWith("#"), "a line of the tour is run, typed, seen or a note");
                break;
        }
    }

    /// <summary>
    /// A change takes effect when the folder has settled. Until then, a person would repeat the line, too.
    /// </summary>
    private async Task SeesAsync(string expected)
    {
        while (!(await _client!.SeenSoFarAsync()).Contains(expected))
            await _client.SendAsync(_typed);
    }

    private async Task StartAsync(string command, RepositoryCopy copy, CancellationToken cancellationToken)
    {
        var start = copy.Bash($"exec {command}");
        start.Environment["CHAT_Listen__Tcp__0"] = $"127.0.0.1:{_serverPort}";
        var process = Process.Start(start)!;
        _background.Add(process);
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        process.OutputDataReceived += (_, line) =>
        {
            Print(line.Data);
            if (line.Data?.StartsWith("Listening on ", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        };
        process.ErrorDataReceived += (_, line) => Print(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (await Task.WhenAny(ready.Task, process.WaitForExitAsync(cancellationToken)) != ready.Task)
            Assert.Fail($"{command}\n{Printed()}");
    }

    private void Print(string? line)
    {
        lock (_printed)
            _printed.AppendLine(line);
        Interlocked.Exchange(ref _morePrinted, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private string Printed()
    {
        lock (_printed)
            return _printed.ToString();
    }

    private async Task PrintsAsync(string text, CancellationToken cancellationToken)
    {
        while (true)
        {
            var more = _morePrinted.Task;
            if (Printed().Contains(text, StringComparison.Ordinal))
                return;
            await more.WaitAsync(cancellationToken);
        }
    }
}
