using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Chat.Server.Tests;

/// <summary>The main use case, end to end: plugins and scripts change while people talk.</summary>
[CancelAfter(120_000)]
internal sealed class LiveEditingTests
{
    private const string Shout =
        """OnMessage(m => m.Text.EndsWith("!") ? Rewrite(m.Text.ToUpperInvariant()) : Pass);""";

    [Test]
    public async Task A_script_takes_effect_when_it_is_saved_stays_when_it_is_broken_and_goes_when_it_is_deleted(
        CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--data", data.FullPath);
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);

        data.Save("plugins/10-shout.csx", Shout);
        await BecomesAsync(ann, "hi!", "<ann> HI!");

        data.Save("plugins/10-shout.csx", "OnMessage(m => Pass) oops");
        await HooksSayAsync(ann, "10-shout.csx:1:22: error CS1002: ; expected");
        await BecomesAsync(ann, "still!", "<ann> STILL!");

        data.Save("plugins/10-shout.csx", """OnMessage(m => Rewrite(m.Text + " (edited)"));""");
        await BecomesAsync(ann, "hi!", "<ann> hi! (edited)");

        File.Delete(data.File("plugins/10-shout.csx"));
        await BecomesAsync(ann, "hi!", "<ann> hi!");
        Assert.That(
            server.Log,
            Does.Contain("Not loaded, version 1 stays in place: 10-shout.csx:1:22: error CS1002: ; expected"));
    }

    [Test]
    public async Task A_script_written_in_place_by_an_editor_takes_effect_too(CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken);
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);

        await File.WriteAllTextAsync(Path.Combine(server.Plugins, "shout.csx"), Shout, cancellationToken);

        await BecomesAsync(ann, "hi!", "<ann> HI!");
    }

    [Test]
    public async Task A_DLL_takes_effect_when_it_is_dropped_or_replaced_and_stays_when_the_new_one_is_damaged(
        CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--data", data.FullPath);
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);

        await File.WriteAllBytesAsync(data.File("plugins/Stamp.dll"), StampPlugin("one"), cancellationToken);
        await BecomesAsync(ann, "hi", "<ann> hi [one]");

        await File.WriteAllBytesAsync(data.File("plugins/Stamp.dll"), StampPlugin("two"), cancellationToken);
        await BecomesAsync(ann, "hi", "<ann> hi [two]");

        await File.WriteAllBytesAsync(data.File("plugins/Stamp.dll"), StampPlugin("three")[..1000], cancellationToken);
        await HooksSayAsync(ann, "Stamp.dll: this is not a .NET assembly, or only a part of one (1000 bytes)");
        await BecomesAsync(ann, "hi", "<ann> hi [two]");
    }

    [Test]
    public async Task The_word_guard_follows_its_settings(CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(cancellationToken, "--data", data.FullPath);
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        using var bob = await LineClient.ConnectAsync(server.EndPoint, "bob", cancellationToken);
        await ann.SendAsync("what the heck");
        await ann.SeesAsync("Not sent: let us keep it friendly.");

        data.Save("plugins/WordGuard.json", """{ "words": ["teapot"], "reason": "Not sent: no teapots." }""");
        await BecomesAsync(ann, "a teapot!", "Not sent: no teapots.");
        await BecomesAsync(ann, "what the heck", "<ann> what the heck");

        Assert.That(await bob.SeenSoFarAsync(), Has.None.Contains("friendly").And.None.Contains("no teapots"));
    }

    [Test]
    public async Task What_a_script_throws_on_a_thread_of_its_own_does_not_end_the_server(
        CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(
            cancellationToken, "--no-bundled-plugins", "--data", data.FullPath);
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        data.Save("plugins/boom.csx", """
            async void Later() { await Task.Yield(); throw new Exception("from async void"); }
            Command("later", "", "", call => { Later(); return Done; });
            void Fail() => throw new Exception("from a thread");
            Command("thread", "", "", call => { var t = new Thread(Fail); t.Start(); t.Join(); return Done; });
            """);
        await BecomesAsync(ann, "/help later", "/later");

        await ann.SendAsync("/later");
        await ann.SendAsync("/thread");
        await ann.SendAsync("still here");

        await ann.SeesAsync("<ann> still here");
        await server.LogsAsync("boom.csx:1: Exception: from async void", cancellationToken);
        await server.LogsAsync("boom.csx:3: Exception: from a thread", cancellationToken);
    }

    [Test]
    public async Task A_plugin_that_never_ends_does_not_keep_the_server_from_stopping(
        CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        await using var server = await ServerProcess.StartAsync(
            cancellationToken, "--no-bundled-plugins", "--data", data.FullPath);
        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        data.Save("plugins/slow.csx", """
            Stopping.Register(() => Thread.Sleep(Timeout.Infinite));
            new Thread(() => Thread.Sleep(Timeout.Infinite)).Start();
            OnMessage(async m => { Log.Info("entered"); await Task.Delay(Timeout.Infinite); return Pass; });
            Command("slow", "", "", call => Done);
            """);
        await BecomesAsync(ann, "/help slow", "/slow");
        await ann.SendAsync("into the hook");
        await server.LogsAsync("entered", cancellationToken);

        var (exitCode, took) = await server.StopAsync(signal: 15, cancellationToken);

        Assert.That(exitCode, Is.Zero);
        Assert.That(took, Is.LessThan(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public async Task The_bundled_plugins_do_what_they_say(CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(cancellationToken);
        using var ann = await LineClient.ConnectAsync(server.EndPoint, cancellationToken);

        await ann.SeesAsync("Hello guest1, welcome to lobby!");
        await ann.SendAsync("bye :wave:");
        await ann.SeesAsync("<guest1> bye 👋");
        await ann.SendAsync("/roll 2d6");
        var rolled = (await ann.SeesAsync("rolls 2d6"))[^1];

        Assert.That(rolled, Does.Match(@"^\*\*\* guest1 rolls 2d6: [1-6] \+ [1-6] = \d+$"));
    }

    /// <summary>
    /// Says a line again and again until it comes out as expected: a change takes effect when the folder has settled.
    /// </summary>
    private static async Task BecomesAsync(LineClient client, string said, string expected)
    {
        while (true)
        {
            await client.SendAsync(said);
            if ((await client.SeenSoFarAsync()).Exists(IsExpected))
                return;
        }

        bool IsExpected(string line) =>
            line == expected || (said.StartsWith('/') && line.StartsWith(expected, StringComparison.Ordinal));
    }

    private static async Task HooksSayAsync(LineClient client, string expected)
    {
        while (true)
        {
            await client.SendAsync("/hooks");
            if ((await client.SeenSoFarAsync()).Exists(line => line.Contains(expected, StringComparison.Ordinal)))
                return;
        }
    }

    private static byte[] StampPlugin(string stamp)
    {
        var source = $$"""
            using System.Threading;
            using System.Threading.Tasks;
            using Chat.Hooks;
            using Chat.Plugins;

            public sealed class StampPlugin : IChatPlugin
            {
                public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
                {
                    context.OnMessage(m => HookResult.Rewrite(m.Text + " [{{stamp}}]"));
                    return default;
                }
            }
            """;
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "Stamp",
            [CSharpSyntaxTree.ParseText(source)],
            framework.Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.That(emitted.Success, Is.True, string.Join('\n', emitted.Diagnostics));
        return image.ToArray();
    }
}
