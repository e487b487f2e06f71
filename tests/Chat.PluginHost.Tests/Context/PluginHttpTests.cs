using Chat.PluginHost.Context;

namespace Chat.PluginHost.Tests.Context;

[CancelAfter(30000)]
public sealed class PluginHttpTests
{
    [TestCase("foo", "chat-server-plugin/foo")]
    [TestCase("my größe/x", "chat-server-plugin/my_gr__e_x")]
    public async Task A_request_says_which_plugin_it_comes_from(
        string id, string agent, CancellationToken cancellationToken)
    {
        using var web = new LoopbackWeb();
        var http = new PluginHttp(id);

        var answer = http.Client.GetStringAsync(web.Address, cancellationToken);
        var (request, connection) = await web.AcceptAsync(cancellationToken);
        await LoopbackWeb.AnswerAsync(connection, 5, "hello", cancellationToken);

        Assert.That(await answer, Is.EqualTo("hello"));
        Assert.That(request, Does.Contain($"User-Agent: {agent}\r\n"));
        http.Close();
    }

    [Test]
    public async Task An_answer_of_more_than_4_MiB_is_refused(CancellationToken cancellationToken)
    {
        using var web = new LoopbackWeb();
        var http = new PluginHttp("foo");

        var answer = http.Client.GetStringAsync(web.Address, cancellationToken);
        var (_, connection) = await web.AcceptAsync(cancellationToken);
        await LoopbackWeb.AnswerAsync(connection, (4 * 1024 * 1024) + 1, "", cancellationToken);

        Assert.That(async () => await answer, Throws.InstanceOf<HttpRequestException>());
        http.Close();
    }

    [Test]
    public void A_request_takes_10_seconds_at_most_and_the_client_is_one_and_the_same()
    {
        var http = new PluginHttp("foo");

        var (first, again) = (http.Client, http.Client);

        Assert.That(first.Timeout, Is.EqualTo(TimeSpan.FromSeconds(10)));
        Assert.That(again, Is.SameAs(first));
        http.Close();
    }

    [Test]
    public async Task Closing_cancels_a_request_that_has_no_answer_yet(CancellationToken cancellationToken)
    {
        using var web = new LoopbackWeb();
        var http = new PluginHttp("foo");
        var answer = http.Client.GetStringAsync(web.Address, cancellationToken);
        await web.AcceptAsync(cancellationToken);

        http.Close();

        Assert.That(async () => await answer, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(http.Connections, Is.Zero);
    }

    [Test]
    public async Task Closing_cuts_an_answer_that_is_still_being_read(CancellationToken cancellationToken)
    {
        using var web = new LoopbackWeb();
        var http = new PluginHttp("foo");
        var opening = http.Client.GetStreamAsync(web.Address, cancellationToken);
        var (_, connection) = await web.AcceptAsync(cancellationToken);
        await LoopbackWeb.AnswerAsync(connection, 100, "half", cancellationToken);
        await using var stream = await opening;
        await stream.ReadExactlyAsync(new byte[4], cancellationToken);
        var rest = stream.ReadAsync(new byte[4], cancellationToken).AsTask();
        Assert.That(http.Connections, Is.EqualTo(1));

        http.Close();

        Assert.That(async () => await rest, Throws.InstanceOf<IOException>());
        Assert.That(http.Connections, Is.Zero);
    }

    [Test]
    public async Task A_connection_that_the_other_side_has_ended_is_not_held(CancellationToken cancellationToken)
    {
        using var web = new LoopbackWeb();
        var http = new PluginHttp("foo");
        var answer = http.Client.GetStringAsync(web.Address, cancellationToken);
        var (_, connection) = await web.AcceptAsync(cancellationToken);
        await LoopbackWeb.AnswerAsync(connection, 100, "half", cancellationToken);
        connection.Close();

        Assert.That(async () => await answer, Throws.InstanceOf<HttpRequestException>());
        while (http.Connections > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        http.Close();
    }

    [Test]
    public void After_closing_there_is_no_client_whether_or_not_there_was_one()
    {
        var (used, unused) = (new PluginHttp("foo"), new PluginHttp("foo"));
        var client = used.Client;

        used.Close();
        unused.Close();

        Assert.That(() => used.Client, Throws.InstanceOf<ObjectDisposedException>().With.Message.Contains(
            "it sends no web requests any more"));
        Assert.That(() => unused.Client, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(
            async () => await client.GetStringAsync("http://127.0.0.1:1/"),
            Throws.InstanceOf<ObjectDisposedException>());
    }
}
