namespace Chat.PluginHost.Tests.Compiling;

/// <summary>What every script can use without asking.</summary>
[CancelAfter(30000)]
public sealed class ScriptLibraryTests
{
    [TestCase(
        "dynamic",
        "OnMessage(m => { dynamic text = m.Text; return Rewrite(text.ToUpperInvariant() + text.Length); });",
        "<ann> X1")]
    [TestCase(
        "async",
        "OnMessage(async m => { await Task.Delay(1, Stopping); return Rewrite(m.Text + \"1\"); });",
        "<ann> x1")]
    [TestCase(
        "LINQ",
        "OnMessage(m => Rewrite(string.Join(\"\", from c in m.Text from n in Enumerable.Range(1, 2) orderby n "
            + "descending select $\"{c}{n}\")));",
        "<ann> x2x1")]
    [TestCase(
        "regular expressions",
        "var x = new Regex(\"x+\", RegexOptions.Compiled);\nOnMessage(m => Rewrite(x.Replace(m.Text, each => "
            + "each.Value + \"y\")));",
        "<ann> xy")]
    [TestCase(
        "JSON",
        "using System.Text.Json;\nusing System.Text.Json.Nodes;\nOnMessage(m => "
            + "Rewrite(JsonNode.Parse(\"{\\\"a\\\":[1,2]}\")[\"a\"][1].ToJsonString() + "
            + "JsonSerializer.Serialize(m.Text)));",
        "<ann> 2\"x\"")]
    [TestCase(
        "collections",
        "using System.Collections.Concurrent;\nusing System.Collections.Immutable;\nvar seen = new "
            + "ConcurrentDictionary<string, ImmutableArray<int>>();\nOnMessage(m => { seen[m.Text] = [1, 2]; return "
            + "Rewrite($\"{seen[\"x\"].Length}\"); });",
        "<ann> 2")]
    [TestCase(
        "web requests",
        "using System.Net.Http;\nusing System.Net;\nOnMessage(m => Rewrite($\"{new HttpRequestMessage(HttpMethod.Get, "
            + "new Uri(\"http://localhost/a\")).RequestUri.AbsolutePath} {HttpStatusCode.OK}\"));",
        "<ann> /a OK")]
    [TestCase(
        "files",
        "OnMessage(m => Rewrite(Path.GetFileName(\"/a/b.txt\") + File.Exists(\"/no/such\")));",
        "<ann> b.txtFalse")]
    [TestCase(
        "JSON over HTTP",
        "OnMessage(m => { var get = () => Http.GetFromJsonAsync<int[]>(\"http://localhost\"); return "
            + "Rewrite(JsonContent.Create(m.Text).Headers.ContentType.MediaType); });",
        "<ann> application/json")]
    public async Task A_script_uses(string what, string script, string expected, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("uses.csx", script);

        Assert.That(chat.Hooks, Does.Not.Contain("Not loaded"), what);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo(expected));
    }
}
