using System.ComponentModel;
using System.Diagnostics;

namespace Chat.Server.Tests;

/// <summary>The clients people really use, if they are installed.</summary>
[CancelAfter(60_000)]
internal sealed class RealClientTests
{
    [TestCase("nc")]
    [TestCase("telnet")]
    public async Task A_real_client_talks_with_another(string program, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        using var client = Start(program, "127.0.0.1", $"{server.EndPoint.Port}");

        await SeesAsync(client, "You are guest2, in room lobby", cancellationToken);
        await client.StandardInput.WriteLineAsync("hello from the terminal");
        await client.StandardInput.FlushAsync(cancellationToken);
        await ann.SeesAsync("<guest2> hello from the terminal");
        await SeesAsync(client, "<guest2> hello from the terminal", cancellationToken);
        await ann.SendAsync("hi there é 😀");
        await SeesAsync(client, "<ann> hi there é 😀", cancellationToken);
        await client.StandardInput.WriteLineAsync("/quit");
        await client.StandardInput.FlushAsync(cancellationToken);
        await SeesAsync(client, "Goodbye, guest2.", cancellationToken);
        await ann.SeesAsync("guest2 left lobby (quit)");
        client.StandardInput.Close();
        await client.WaitForExitAsync(cancellationToken);
    }

    [Test]
    public async Task A_line_piped_into_nc_without_an_end_is_said_and_answered(CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        using var client = Start("nc", "-N", "127.0.0.1", $"{server.EndPoint.Port}");

        await client.StandardInput.WriteAsync("no end of line");
        client.StandardInput.Close();
        var seen = await client.StandardOutput.ReadToEndAsync(cancellationToken);

        Assert.That(seen, Does.Contain("<guest2> no end of line"));
        await ann.SeesAsync("<guest2> no end of line");
    }

    private static Process Start(string program, params string[] arguments)
    {
        try
        {
            var start = new ProcessStartInfo(program)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            foreach (var argument in arguments)
                start.ArgumentList.Add(argument);
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.That(
                Environment.GetEnvironmentVariable("CI"),
                Is.Null.Or.Empty,
                $"{program} is not installed, and on CI it has to be");
            Assert.Ignore($"{program} is not installed.");
            throw;
        }
    }

    private static async Task SeesAsync(Process client, string text, CancellationToken cancellationToken)
    {
        while (await client.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"The client ended without '{text}'.");
    }
}
