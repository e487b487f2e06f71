using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Chat.Server.Tests;

/// <summary>Plugins that crash the process: it is restarted without them.</summary>
[CancelAfter(240_000)]
internal sealed class PluginCrashTests
{
    private const int Terminate = 15, Kill = 9;
    private const string Waiting = "Run(async stopping => { while (true) await Task.Delay(20, stopping); });";
    private const string Exit = "Environment.Exit(0);";
    private const string FailFast = "Environment.FailFast(\"boom\");";
    private const string NativeFault = "System.Runtime.InteropServices.Marshal.WriteInt32((nint)0x123456789000, 1);";
    private const string Reason =
        "boom.csx: the server died while it was running (a stack overflow, an exit or a fault in native code)";
    private const string Shout =
        """OnMessage(m => m.Text.EndsWith("!") ? Rewrite(m.Text.ToUpperInvariant()) : Pass);""";
    private const string Mended = """OnMessage(m => m.Text == "die" ? Rewrite("no more") : Pass);""";

    [Test]
    public async Task F64_A_stack_overflow_costs_a_restart_and_puts_the_plugin_into_quarantine(
        CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("plugins/other.csx", Shout);
        await File.WriteAllBytesAsync(data.File("plugins/Overflow.dll"), OverflowPlugin(), cancellationToken);
        await using var server = await ServerProcess.SuperviseAsync(data, cancellationToken);

        await DieAsync(server, "die", cancellationToken);

        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        await ann.SendAsync("/hooks");
        await ann.SeesAsync("Overflow.dll: the server died while it was running");
        await BecomesAsync(ann, "die!", "<ann> DIE!");
        await ann.SendAsync("die");
        await ann.SeesAsync("<ann> die");
        Assert.That(server.Starts, Is.EqualTo(2), server.Log);
    }

    [Test]
    public async Task F65_A_hook_that_ends_the_process_costs_a_restart_and_is_quarantined_until_it_is_mended(
        [Values(Exit, FailFast, NativeFault)] string death, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("plugins/other.csx", Shout);
        data.Save("plugins/boom.csx", $$"""OnMessage(m => { if (m.Text == "die") { {{death}} } return Pass; });""");
        await using var server = await ServerProcess.SuperviseAsync(data, cancellationToken);

        await DieAsync(server, "die", cancellationToken);

        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        await ann.SendAsync("/hooks");
        await ann.SeesAsync(Reason);
        await ann.SendAsync("/plugins");
        await ann.SeesAsync("boom (quarantined)");
        await BecomesAsync(ann, "hi!", "<ann> HI!");
        data.Save("plugins/boom.csx", Mended);
        await BecomesAsync(ann, "die", "<ann> no more");
        Assert.That(server.Starts, Is.EqualTo(2), server.Log);
    }

    [Test]
    public async Task F65_A_plugin_that_ends_the_process_while_it_starts_does_so_once(
        [Values(Exit, FailFast, NativeFault)] string death, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("plugins/other.csx", Shout);
        data.Save("plugins/boom.csx", death);
        await using var server = await ServerProcess.SuperviseAsync(data, cancellationToken);

        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        await ann.SendAsync("/hooks");
        await ann.SeesAsync(Reason);
        await BecomesAsync(ann, "hi!", "<ann> HI!");
        Assert.That(server.Log.Split("the server crashed: ").Length - 1, Is.EqualTo(1), server.Log);
    }

    [TestCase("await Task.Yield(); " + FailFast, TestName = "F65_A_command_that_dies_after_an_await_is_found_out")]
    [TestCase(
        "var thread = new Thread(() => Environment.Exit(0)); thread.Start(); await Task.CompletedTask;",
        TestName = "F65_An_exit_on_a_thread_of_the_plugins_own_is_found_out")]
    public async Task F65_A_command_that_dies_elsewhere_is_found_out(string death, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("plugins/boom.csx", $$"""Command("die", "", "", async call => { {{death}} return Done; });""");
        await using var server = await ServerProcess.SuperviseAsync(data, cancellationToken);

        await DieAsync(server, "/die", cancellationToken);

        await server.LogsAsync(Reason, cancellationToken);
    }

    [Test]
    public async Task F65_A_hook_that_dies_after_an_await_is_found_out_though_it_has_been_given_up_meanwhile(
        CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save(
            "plugins/boom.csx",
            $$"""
            OnMessage(async m =>
            {
                if (m.Text == "die")
                {
                    await Task.Delay(1000);
                    {{FailFast}}
                }

                return Pass;
            });
            """);
        await using var server = await ServerProcess.SuperviseAsync(data, cancellationToken);

        await DieAsync(server, "die", cancellationToken);

        await server.LogsAsync(Reason, cancellationToken);
    }

    [Test]
    public async Task F65_The_quarantine_outlives_a_clean_restart_and_ends_when_an_operator_says_so(
        CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save(
            "plugins/boom.csx",
            $$"""OnMessage(m => { if (m.Text == "die") { {{Exit}} } return Rewrite(m.Text + " (seen)"); });""");
        await using (var first = await ServerProcess.SuperviseAsync(data, cancellationToken))
        {
            await DieAsync(first, "die", cancellationToken);
            var (exitCode, _) = await first.StopAsync(Terminate, cancellationToken);
            Assert.That(exitCode, Is.Zero);
        }

        await using var second = await ServerProcess.SuperviseAsync(data, cancellationToken);
        await second.LogsAsync(Reason, cancellationToken);
        using var ann = await LineClient.ConnectAsync(second.EndPoint, "ann", cancellationToken);
        await ann.SendAsync("/hooks enable boom");
        await ann.SeesAsync("Only an operator");
        await ann.SendAsync($"/operator {ServerProcess.OperatorKey}");
        await ann.SendAsync("/hooks enable boom");
        await ann.SeesAsync("boom is tried again");
        await BecomesAsync(ann, "hi", "<ann> hi (seen)");
    }

    [Test]
    public async Task F65_A_start_that_fails_in_between_loses_nothing_of_what_is_known(
        CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("plugins/boom.csx", $$"""OnMessage(m => { if (m.Text == "die") { {{FailFast}} } return Pass; });""");
        await using var other = await ServerProcess.StartAsync(cancellationToken, "--no-bundled-plugins");
        string[] arguments = ["--no-bundled-plugins", "--data", data.FullPath];
        await using (var first = await ServerProcess.StartAsync(cancellationToken, arguments))
        {
            using var victim = await LineClient.ConnectAsync(first.EndPoint, "victim", cancellationToken);
            await victim.SendAsync("die");
            await first.EndAsync(cancellationToken);
        }

        var (exitCode, _, _) = await ServerProcess.RunAsync(
            cancellationToken, null, [.. arguments, "--tcp", $"{other.EndPoint}"]);
        await using var second = await ServerProcess.StartAsync(cancellationToken, arguments);

        Assert.That(exitCode, Is.EqualTo(1));
        await second.LogsAsync(Reason, cancellationToken);
    }

    [Test]
    public async Task F3_A_server_that_is_killed_blames_no_plugin(CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("plugins/waits.csx", """
            Run(async stopping =>
            {
                Log.Info("now it waits");
                await Task.Delay(Timeout.InfiniteTimeSpan, stopping);
            });
            """);
        data.Save("plugins/other.csx", Shout);
        string[] arguments = ["--no-bundled-plugins", "--data", data.FullPath];
        await using (var first = await ServerProcess.StartAsync(cancellationToken, arguments))
        {
            await first.LogsAsync("now it waits", cancellationToken);
            using var bob = await LineClient.ConnectAsync(first.EndPoint, "bob", cancellationToken);
            await BecomesAsync(bob, "hi!", "<bob> HI!");
            await first.StopAsync(Kill, cancellationToken);
        }

        await using var second = await ServerProcess.StartAsync(cancellationToken, arguments);

        await second.LogsAsync(
            "The server died without being told to stop, but not inside of a plugin", cancellationToken);
        using var ann = await LineClient.ConnectAsync(second.EndPoint, "ann", cancellationToken);
        await BecomesAsync(ann, "hi!", "<ann> HI!");
        Assert.That(second.Log, Does.Not.Contain("Not loaded"));
    }

    [TestCase("Run", TestName = "F3_Background_work_that_dies_after_an_await_is_found_out_and_work_that_waits_is_not")]
    public async Task F3_Background_work_that_dies_is_found_out(string register, CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save("plugins/waits.csx", Waiting);
        data.Save(
            "plugins/boom.csx",
            $$"""{{register}}(async stopping => { await Task.Delay(50).ConfigureAwait(false); {{FailFast}} });""");
        await using var server = await ServerProcess.SuperviseAsync(data, cancellationToken);

        await server.LogsAsync(Reason, cancellationToken);

        using var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken);
        await ann.SendAsync("/plugins");
        await ann.SeesAsync("boom (quarantined)");
        Assert.That(server.Log, Does.Not.Contain("waits.csx: the server died"));
    }

    [Test]
    [Platform("Linux")]
    public async Task F20_The_journal_is_truncated_in_place_while_the_server_runs(CancellationToken cancellationToken)
    {
        using var data = new TemporaryFolder();
        data.Save(
            "plugins/boom.csx",
            $$"""OnMessage(m => { if (m.Text == "die") { {{FailFast}} } return Rewrite(m.Text + " (seen)"); });""");
        await using var server = await ServerProcess.SuperviseAsync(data, cancellationToken);
        using (var ann = await LineClient.ConnectAsync(server.EndPoint, "ann", cancellationToken))
        {
            await File.WriteAllBytesAsync(data.File("crash-journal"), [], cancellationToken);
            await BecomesAsync(ann, "hi", "<ann> hi (seen)");
        }

        await DieAsync(server, "die", cancellationToken);

        await server.LogsAsync(Reason, cancellationToken);
    }

    /// <summary>Types the line that crashes the server, and waits until it has restarted.</summary>
    private static async Task DieAsync(ServerProcess server, string line, CancellationToken cancellationToken)
    {
        using var victim = await LineClient.ConnectAsync(server.EndPoint, "victim", cancellationToken);
        await victim.SendAsync(line);
        await server.StartsAsync(2, cancellationToken);
    }

    private static async Task BecomesAsync(LineClient client, string said, string expected)
    {
        List<string> seen = [];
        while (!seen.Contains(expected))
        {
            await client.SendAsync(said);
            seen = await client.SeenSoFarAsync();
        }
    }

    /// <summary>A DLL, because the depth of calls is checked in scripts.</summary>
    private static byte[] OverflowPlugin()
    {
        const string Source = """
            using System.Threading;
            using System.Threading.Tasks;
            using Chat.Hooks;

            public sealed class OverflowHook : IMessageHook
            {
                public ValueTask<HookResult> OnMessageAsync(
                    MessageContext message, CancellationToken cancellationToken) =>
                    message.Text == "die" && Depth(1) > 0 ? HookResult.Pass : HookResult.Pass;

                private static int Depth(int depth) => depth == 0 ? 0 : Depth(depth + 1) + Depth(depth + 2);
            }
            """;
        var framework = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "Overflow",
            [CSharpSyntaxTree.ParseText(Source)],
            framework.Select(file => MetadataReference.CreateFromFile(file)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        using var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        Assert.That(emitted.Success, Is.True, string.Join('\n', emitted.Diagnostics));
        return image.ToArray();
    }
}
