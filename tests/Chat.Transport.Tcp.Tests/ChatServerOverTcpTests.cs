using System.Globalization;
using System.Text;
using Chat.Engine;

namespace Chat.Transport.Tcp.Tests;

[CancelAfter(15000)]
public sealed class ChatServerOverTcpTests
{
    [Test]
    public async Task Two_clients_talk(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        using var bob = await server.JoinAsync("bob", cancellationToken);

        await ann.SendAsync("hi bob, hé 😀\n", cancellationToken);
        await bob.ReadUntilAsync("<ann> hi bob, hé 😀", cancellationToken);
        await bob.SendAsync("hi ann\n", cancellationToken);

        Assert.That(await ann.ReadUntilAsync("<bob>", cancellationToken), Has.Exactly(1).EqualTo("<bob> hi ann"));
    }

    [Test]
    public async Task The_port_is_told_and_the_default_is_this_machine_alone(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);

        Assert.That(server.EndPoint.ToString(), Does.Match(@"^127\.0\.0\.1:[1-9]\d+$"));
    }

    [Test]
    public async Task A_port_in_use_keeps_the_whole_server_from_starting(CancellationToken cancellationToken)
    {
        await using var first = await RunningServer.StartAsync(cancellationToken);
        var taken = ((System.Net.IPEndPoint)first.EndPoint).Port;
        var free = new TcpConnectionListener(new() { Port = 0 });
        await using var second = ChatServer.Create(options =>
        {
            options.Listeners.Add(free);
            options.ListenTcp(taken);
        });

        await Assert.ThatAsync(
            async () => await second.StartAsync(cancellationToken),
            Throws.InstanceOf<IOException>().With.Message.Contains($"127.0.0.1:{taken}"));
        Assert.That(await free.AcceptAsync(cancellationToken), Is.Null);
    }

    [Test]
    public async Task CR_LF_and_LF_and_CR_NUL_and_CR_each_end_one_line_at_once(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        var seen = new List<string>();

        foreach (var end in new[] { "\r\n", "\n", "\r\0", "\r", "\r", "\n" })
        {
            await ann.SendAsync($"/ping {seen.Count}{end}", cancellationToken);
            seen.AddRange(await ann.ReadUntilAsync($"pong {seen.Count}", cancellationToken));
        }

        Assert.That(seen, Is.EqualTo(new[] { "pong 0", "pong 1", "pong 2", "pong 3", "pong 4", "pong 5" }));
    }

    [Test]
    public async Task A_half_closed_client_has_its_last_line_said_and_its_reply_sent(
        CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        using var bob = await server.JoinAsync("bob", cancellationToken);

        await bob.SendAsync("one\n/ping two\nthree", cancellationToken);
        bob.Finish();
        var read = await bob.ReadToEndAsync(cancellationToken);
        var seen = await ann.ReadUntilAsync("bob left", cancellationToken);

        Assert.That(read, Is.EqualTo(new[] { "<bob> one", "pong two", "<bob> three" }));
        Assert.That(seen[^3..], Is.EqualTo(new[] { "<bob> one", "<bob> three", "*** bob left lobby" }));
    }

    [TestCase("\u00ff\u00ec", TestName = "The_command_that_ends_a_file_ends_the_session_on_an_open_connection")]
    [TestCase("\u00ff\u00ee", TestName = "The_command_that_aborts_ends_the_session_though_the_connection_stays_open")]
    public async Task A_command_that_ends_the_input(string command, CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);

        await ann.SendAsync(Bytes.Latin("last\r\n" + command), cancellationToken);

        Assert.That(await ann.ReadToEndAsync(cancellationToken), Is.EqualTo(new[] { "<ann> last" }));
    }

    [Test]
    public async Task A_client_that_says_one_line_and_goes_is_heard(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);

        using var visitor = await Peer.ConnectAsync(server.EndPoint, cancellationToken);
        await visitor.SendAsync("hi", cancellationToken);
        visitor.Finish();

        Assert.That(await ann.ReadUntilAsync("left", cancellationToken), Has.Some.Match("^<guest\\d+> hi$"));
    }

    [Test]
    public async Task The_line_that_a_reset_has_cut_is_not_said(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        var bob = await server.JoinAsync("bob", cancellationToken);

        await bob.SendAsync("whole\ncut", cancellationToken);
        await bob.ReadUntilAsync("<bob> whole", cancellationToken);
        bob.Reset();
        var seen = await ann.ReadUntilAsync("bob left", cancellationToken);

        Assert.That(seen[^2..], Is.EqualTo(new[] { "<bob> whole", "*** bob left lobby (connection lost)" }));
    }

    [Test]
    public async Task The_cut_line_is_not_said_either_when_the_room_is_busy(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        var seen = new List<string>();
        for (var round = 0; round < 100; round++)
        {
            // A nick is free a moment after its owner has been seen to leave, so each has one of their own.
            var bob = await server.JoinAsync($"bob{round}", cancellationToken);
            await bob.SendAsync("cut", cancellationToken);
            await ann.SendAsync("talk\ntalk\ntalk\n", cancellationToken);
            bob.Reset();
            seen.AddRange(await ann.ReadUntilAsync($"bob{round} left", cancellationToken));
        }

        Assert.That(seen, Has.None.Contains("cut"));
        Assert.That(server.Log.Errors, Is.Empty);
    }

    [Test]
    public async Task A_line_of_many_one_byte_segments_is_one_line(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        using var bob = await server.JoinAsync("bob", cancellationToken);
        var text = string.Concat(Enumerable.Repeat("hé😀", 250));

        foreach (var value in Encoding.UTF8.GetBytes(text + "\r\n"))
            await bob.SendAsync(new[] { value }, cancellationToken);

        Assert.That((await ann.ReadUntilAsync("<bob>", cancellationToken))[^1], Is.EqualTo($"<bob> {text}"));
    }

    [Test]
    public async Task Ctrl_C_of_a_telnet_client_forgets_the_half_line_and_frees_its_screen(
        CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);

        await ann.SendAsync(Bytes.Hex("68 65 ff f4 ff fd 06"), cancellationToken);
        var reply = await ann.ReadExactlyAsync(3, cancellationToken);
        await ann.SendAsync("llo\r\0", cancellationToken);

        Assert.That(Bytes.ToHex(reply), Is.EqualTo("ff fb 06"));
        Assert.That(await ann.ReadLineAsync(cancellationToken), Is.EqualTo("<ann> llo"));
    }

    [Test]
    public async Task A_client_that_never_reads_slows_nobody_and_is_later_told_what_it_missed(
        CancellationToken cancellationToken)
    {
        const int Batches = 60, LinesPerBatch = 32;
        await using var server = await RunningServer.StartAsync(cancellationToken, options =>
        {
            options.LogCapacity = 256;
            options.MaxLagLines = 128;
            options.SendTimeout = TimeSpan.FromMinutes(10);
            options.ListenTcp(new TcpListenerOptions { Port = 0, SendBufferBytes = 4096 });
        });
        using var stuck = await server.JoinAsync("stuck", cancellationToken, 4096);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        using var bob = await server.JoinAsync("bob", cancellationToken);

        var heard = new List<string>();
        for (var batch = 0; batch < Batches; batch++)
        {
            await ann.SendAsync(
                string.Concat(Enumerable.Range(0, LinesPerBatch).Select(line => Line(batch, line) + "\n")),
                cancellationToken);
            await ann.PingAsync($"{batch}", cancellationToken);
            heard.AddRange(await bob.PingAsync($"{batch}", cancellationToken));
        }

        var told = await stuck.ReadUntilAsync("lines skipped: you were reading too slowly", cancellationToken);
        await stuck.PingAsync("awake", cancellationToken);

        var said =
            from batch in Enumerable.Range(0, Batches)
            from line in Enumerable.Range(0, LinesPerBatch)
            select $"<ann> {Line(batch, line)}";
        Assert.That(heard, Is.EqualTo(said));
        Assert.That(told, Has.Count.LessThan(Batches * LinesPerBatch));

        static string Line(int batch, int line) =>
            string.Create(CultureInfo.InvariantCulture, $"{batch}-{line} {new string('x', 900)}");
    }

    [Test]
    public async Task A_client_that_takes_no_byte_for_the_send_timeout_is_closed_and_the_others_read_why(
        CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken, options =>
        {
            options.SendTimeout = TimeSpan.FromMilliseconds(200);
            options.ListenTcp(new TcpListenerOptions { Port = 0, SendBufferBytes = 4096 });
        });
        using var stuck = await server.JoinAsync("stuck", cancellationToken, 4096);
        using var ann = await server.JoinAsync("ann", cancellationToken);

        var seen = new List<string>();
        while (!seen.Exists(line => line.Contains("left", StringComparison.Ordinal)))
        {
            await ann.SendAsync(string.Concat(Enumerable.Repeat(new string('x', 900) + "\n", 16)), cancellationToken);
            seen.AddRange(await ann.PingAsync("more", cancellationToken));
        }

        Assert.That(seen, Has.Some.EqualTo("*** stuck left lobby (read nothing for 0.2 s)"));
        Assert.That(server.Log.Warnings, Has.Some.Contains("(stuck) is being closed: read nothing for 0.2 s"));
    }

    [Test]
    public async Task Where_slow_members_are_disconnected_the_others_read_why(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken, options =>
        {
            options.LogCapacity = 256;
            options.MaxLagLines = 128;
            options.SlowMember = SlowMemberPolicy.Disconnect;
            options.FlushTimeout = TimeSpan.FromMinutes(1);
            options.ListenTcp(new TcpListenerOptions { Port = 0, SendBufferBytes = 4096 });
        });
        var stuck = await server.JoinAsync("stuck", cancellationToken, 4096);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        var seen = new List<string>();
        for (var batch = 0; batch < 60; batch++)
        {
            await ann.SendAsync(string.Concat(Enumerable.Repeat(new string('x', 900) + "\n", 16)), cancellationToken);
            seen.AddRange(await ann.PingAsync("more", cancellationToken));
        }

        var told = await stuck.ReadUntilAsync(
            "You were reading too slowly and have been disconnected.", cancellationToken);
        stuck.Dispose();
        Assert.That(told, Has.Count.LessThan(60 * 16));

        // The others read it before the last word has got through to the one who left, or after it.
        const string Left = "*** stuck left lobby (too slow for lobby)";
        if (!seen.Contains(Left))
            await ann.ReadUntilAsync(Left, cancellationToken);
    }

    [Test, NonParallelizable]
    public async Task Sixty_four_lines_of_a_megabyte_cost_no_memory_and_are_refused(CancellationToken cancellationToken)
    {
        const int Megabytes = 64, MemoryLimit = 4 * 1024 * 1024;
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        using var bob = await server.JoinAsync("bob", cancellationToken);
        await ann.PingAsync("before", cancellationToken);
        var megabyte = Bytes.Latin(new string('x', 1_000_000) + "\n");

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var most = before;
        for (var sent = 0; sent < Megabytes; sent++)
        {
            await bob.SendAsync(megabyte, cancellationToken);
            if (sent % 16 == 15)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true));
        }

        var told = await bob.PingAsync("after", cancellationToken);
        var seen = await ann.PingAsync("after", cancellationToken);

        Assert.That(most - before, Is.LessThan(MemoryLimit));
        Assert.That(told, Has.All.EqualTo("Not sent: that line was longer than 4096 bytes."));
        Assert.That((told.Count, seen.Count), Is.EqualTo((Megabytes, 0)));
    }

    [Test]
    public async Task G10_who_never_ends_a_line_is_told_so_and_closed(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        using var bob = await server.JoinAsync("bob", cancellationToken);

        await bob.SendAsync(new string('x', 1024 * 1024 + 1), cancellationToken);
        bob.Finish();
        var told = await bob.ReadToEndAsync(cancellationToken);

        Assert.That(told[^1], Is.EqualTo("You have sent too much without ending the line and have been disconnected."));
        Assert.That(
            (await ann.ReadUntilAsync("left", cancellationToken))[^1],
            Is.EqualTo("*** bob left lobby (sent no end of a line)"));
    }

    [Test]
    public async Task An_endless_subnegotiation_is_closed(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        using var bob = await server.JoinAsync("bob", cancellationToken);

        await bob.SendAsync((byte[])[0xff, 0xfa, .. new byte[5000]], cancellationToken);

        Assert.That(
            (await ann.ReadUntilAsync("bob left", cancellationToken))[^1],
            Is.EqualTo("*** bob left lobby (does not end a telnet subnegotiation)"));
        Assert.That(server.Log.Errors, Is.Empty);
    }

    [Test, NonParallelizable]
    public async Task Random_bytes_and_storms_of_commands_are_sanitised_lines_to_the_others(
        CancellationToken cancellationToken)
    {
        const int Clients = 24;
        await using var server = await RunningServer.StartAsync(cancellationToken, options =>
        {
            // Ann reads only when the storm is over: a log that keeps all of it.
            options.LogCapacity = 1 << 20;
            options.MaxLagLines = options.LogCapacity - 1;
            options.MaxLogBytes = 1L << 30;
        });
        using var ann = await server.JoinAsync("ann", cancellationToken);

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(
            client => Task.Run(() => StormAsync(server, client, cancellationToken), cancellationToken)));
        var seen = new List<string>();
        do
        {
            await ann.SendAsync("/who\n", cancellationToken);
            string line;
            do
            {
                line = (await ann.ReadRawLineAsync(cancellationToken))!;
                seen.Add(line);
            }
            while (!line.StartsWith("In lobby (", StringComparison.Ordinal));
        }
        while (seen[^1] != "In lobby (1): ann");
        await ann.PingAsync("still here", cancellationToken);

        Assert.That(seen.Where(IsUnsafe), Is.Empty);
        Assert.That(seen, Has.Some.StartsWith("<guest"));
        Assert.That(server.Log.Errors, Is.Empty);
    }

    [Test, NonParallelizable]
    public async Task Two_thousand_connections_that_are_reset_at_once_are_seen_by_nobody(
        CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(
            cancellationToken, options => options.GreetingDelay = TimeSpan.FromSeconds(1));
        using var ann = await server.JoinAsync("ann", cancellationToken);

        for (var connection = 0; connection < 2000; connection++)
            (await Peer.ConnectAsync(server.EndPoint, cancellationToken)).Reset();
        using var bob = await server.JoinAsync("bob", cancellationToken);
        var seen = await ann.PingAsync("after", cancellationToken);

        Assert.That(seen, Has.Count.EqualTo(2));
        Assert.That(seen[0], Does.EndWith("joined lobby"));
        Assert.That(seen[1], Does.EndWith("is now bob"));
        Assert.That(
            server.Log.Warnings.Single(),
            Does.StartWith("More than 100 connections within a minute ended before they were greeted."));
    }

    [Test]
    public async Task Control_characters_of_one_do_not_reach_the_others_terminal(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        using var bob = await server.JoinAsync("bob", cancellationToken);
        byte[][] attacks =
        [
            Bytes.Latin("\u001b]52;c;aGk=\u0007"), Bytes.Latin("\u001b]0;title\u0007"),
            Bytes.Latin("\u001b]8;;http://x\u001b\\y"), Bytes.Latin("\u001b[6n"),
            Bytes.Latin("\u001b[c"), Bytes.Latin("\u001b[?1000h"), Bytes.Latin("\u001bP+q544e\u001b\\"),
            Bytes.Latin("\u009b31m"), Bytes.Latin("\u001b\u001b[31m"),
            Encoding.UTF8.GetBytes("\u009b31m\u0090x\u009c\u0085"), Encoding.UTF8.GetBytes("\u2028line\u2029"),
            Bytes.Latin("\u0007\u000b\u000c\u000e\u000f"),
            [.. Enumerable.Range(5, 27).Where(value => value is not (10 or 13)).Select(value => (byte)value)],
            .. Enumerable.Range(0x80, 0x20).Select(value => new byte[] { 0xc2, (byte)value }),
        ];

        foreach (var attack in attacks)
        {
            foreach (var how in new[] { "", "/me ", "/msg ann ", "/nick b", "/join r", "/quux", "/who " })
                await bob.SendAsync((byte[])[.. Bytes.Latin(how + "x"), .. attack, .. "y\n"u8], cancellationToken);
            await bob.SendAsync("/join lobby\n", cancellationToken);
        }

        var toBob = await ReadRawToPongAsync(bob, cancellationToken);
        var toAnn = await ReadRawToPongAsync(ann, cancellationToken);

        Assert.That(toAnn, Has.Count.GreaterThan(attacks.Length * 3));
        Assert.That(toAnn.Where(IsUnsafe), Is.Empty);
        Assert.That(toBob.Where(IsUnsafe), Is.Empty);
    }

    [Test]
    public async Task Any_text_reaches_the_other_without_control_characters(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        using var bob = await server.JoinAsync("bob", cancellationToken);
        var random = new Random(150);

        for (var line = 0; line < 500; line++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 60)).Select(
                _ => (char)random.Next(1, random.Next(2) == 0 ? 0xa0 : 0x10000)));
            await bob.SendAsync("." + text.Replace((char)4, ' ') + "\n", cancellationToken);
        }

        await bob.PingAsync("said", cancellationToken);
        var seen = await ReadRawToPongAsync(ann, cancellationToken);

        Assert.That(seen, Has.Count.GreaterThanOrEqualTo(500));
        Assert.That(seen.Where(IsUnsafe), Is.Empty);
    }

    [Test]
    public async Task Stopping_says_goodbye_and_closes(CancellationToken cancellationToken)
    {
        await using var server = await RunningServer.StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);

        var stopping = server.StopAsync();
        var read = await ann.ReadToEndAsync(cancellationToken);
        ann.Finish();
        await stopping.WaitAsync(cancellationToken);

        Assert.That(read[^1], Is.EqualTo("The server is stopping. Goodbye."));
        await Assert.ThatAsync(
            () => Peer.ConnectAsync(server.EndPoint, cancellationToken),
            Throws.InstanceOf<System.Net.Sockets.SocketException>());
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Stopping_while_clients_are_leaving_is_no_error(CancellationToken cancellationToken)
    {
        for (var round = 0; round < 600; round++)
        {
            await using var server = await RunningServer.StartAsync(cancellationToken);
            var leaving = new List<Peer>();
            for (var client = 0; client < 4; client++)
                leaving.Add(await Peer.ConnectAsync(server.EndPoint, cancellationToken));
            foreach (var peer in leaving)
                await peer.SendAsync("/ping here\n", cancellationToken);
            foreach (var peer in leaving)
                await peer.ReadUntilAsync("pong here", cancellationToken);

            foreach (var peer in leaving)
                peer.Finish();

            await Assert.ThatAsync(server.StopAsync, Throws.Nothing);
            foreach (var peer in leaving)
                peer.Dispose();
        }
    }

    private static async Task<List<string>> ReadRawToPongAsync(Peer peer, CancellationToken cancellationToken)
    {
        await peer.SendAsync("\n/ping all\n", cancellationToken);
        var lines = new List<string>();
        while (await peer.ReadRawLineAsync(cancellationToken) is { } line && line != "pong all")
            lines.Add(line);
        return lines;
    }

    /// <summary>Sends bytes that no client would, and leaves in one of three ways.</summary>
    private static async Task StormAsync(RunningServer server, int client, CancellationToken cancellationToken)
    {
        var random = new Random(client);
        var bytes = new byte[40_000];
        random.NextBytes(bytes);
        if (client % 2 == 0)
        {
            for (var index = 0; index < bytes.Length; index += random.Next(1, 8))
                bytes[index] = 0xff;
        }
        else
        {
            // Without IAC these are lines all the way.
            bytes.AsSpan().Replace((byte)0xff, (byte)'\n');
            bytes.AsSpan().Replace((byte)0x04, (byte)'\r');
        }

        using var peer = await Peer.ConnectAsync(server.EndPoint, cancellationToken);
        var reading = ReadAllAsync(peer, cancellationToken);
        try
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                var size = Math.Min(random.Next(1, 3000), bytes.Length - sent);
                await peer.SendAsync(bytes.AsMemory(sent, size), cancellationToken);
                sent += size;
            }

            if (client % 3 == 0)
                peer.Reset();
            else
                peer.Finish();
        }
        catch (System.Net.Sockets.SocketException)
        {
            // The server has cut it off.
        }

        await reading;
    }

    private static async Task ReadAllAsync(Peer peer, CancellationToken cancellationToken)
    {
        try
        {
            while (await peer.ReadByteAsync(cancellationToken) >= 0)
            {
            }
        }
        catch (Exception exception) when (exception is System.Net.Sockets.SocketException or ObjectDisposedException)
        {
            // One side or the other has reset the connection.
        }
    }

    /// <summary>Whether a line, one character for each byte, holds C0 other than TAB, DEL, or C1 as UTF-8.</summary>
    private static bool IsUnsafe(string line) =>
        line.Any(value => value is (< ' ' and not '\t') or '\u007f') || Enumerable.Range(0x80, 0x20).Any(
            value => line.Contains("\u00c2" + (char)value, StringComparison.Ordinal));
}
