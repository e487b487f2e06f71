using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace Chat.Transport.Tcp.Tests;

/// <summary>Real clients of other protocols on the chat's port.</summary>
[CancelAfter(15000)]
public sealed class ForeignClientTests
{
    [Test]
    public async Task F6_a_web_pages_post_is_answered_with_400_and_nothing_of_it_is_executed(
        CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        using var http = new HttpClient();
        using var body = new StringContent("/nick mallory\r\n/msg ann boo\r\nhello\r\n");

        using var answer = await http.PostAsync(new Uri($"http://{server.EndPoint}/"), body, cancellationToken);
        var sentence = await answer.Content.ReadAsStringAsync(cancellationToken);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(sentence, Is.EqualTo("This is a chat server, not a web server. Connect with telnet or nc.\r\n"));
        Assert.That(await ann.PingAsync("after", cancellationToken), Is.Empty);
    }

    [Test]
    public async Task F6_a_TLS_client_is_refused_at_once(CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        using var peer = await Peer.ConnectAsync(server.EndPoint, cancellationToken);
        await using var tls = new SslStream(new NetworkStream(peer.Socket));

        await Assert.ThatAsync(
            async () => await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = "chat" }, cancellationToken),
            Throws.InstanceOf<AuthenticationException>().Or.InstanceOf<IOException>());
        Assert.That(await ann.PingAsync("after", cancellationToken), Is.Empty);
    }

    [TestCase("utf-16", "Your client sends UTF-16")]
    [TestCase("utf-16BE", "Your client sends UTF-16")]
    [TestCase("utf-8", "pong here")]
    public async Task F4_a_writer_that_begins_with_its_byte_order_mark_is_understood_or_told(
        string encoding, string expected, CancellationToken cancellationToken)
    {
        await using var server = await StartAsync(cancellationToken);
        using var ann = await server.JoinAsync("ann", cancellationToken);
        using var bob = await Peer.ConnectAsync(server.EndPoint, cancellationToken);
        await using var writer = new StreamWriter(new NetworkStream(bob.Socket), Encoding.GetEncoding(encoding));

        await writer.WriteAsync("/ping here\r\n".AsMemory(), cancellationToken);
        await writer.FlushAsync(cancellationToken);
        var heard = await bob.ReadUntilAsync(expected, cancellationToken);

        Assert.That(heard[^1], Does.StartWith(expected));
        Assert.That(await ann.PingAsync("after", cancellationToken), Has.None.Contains("ping"));
    }

    /// <summary>A server that waits for the first line however busy the machine is.</summary>
    private static Task<RunningServer> StartAsync(CancellationToken cancellationToken) =>
        RunningServer.StartAsync(cancellationToken, options => options.GreetingDelay = TimeSpan.FromSeconds(10));
}
