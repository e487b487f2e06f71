using System.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests;

/// <summary>
/// What plugins and their files do to a host that loads them, by the numbers of the list of faults: the chat goes on,
/// and somebody is told. What ends the process (F64, F65) is tried on a real server, in Chat.Server.Tests.
/// </summary>
[CancelAfter(60000)]
[NonParallelizable]
public sealed partial class PluginFaultTests
{
    private static readonly byte[] _good = CompiledPlugin.Starting(
        "Foo", """context.OnMessage(m => Rewrite("good"));""");

    private static IEnumerable<TestCaseData> NotLoadable()
    {
        yield return Case(
            "half written", _good[..(_good.Length / 2)], "this is not a .NET assembly, or only a part of one");
        yield return Case("empty", [], "the file is empty. If it is being saved, it is tried again");
        yield return Case(
            "text", "#!/bin/sh"u8.ToArray(), "this is not a .NET assembly, or only a part of one (9 bytes).");
        yield return Case(
            "of another architecture",
            For(OtherArchitecture),
            $"it was built for {OtherArchitecture}, but this host runs on ");
        yield return Case("of 32 bits", For(Platform.X86), "it was built for X86, but this host runs on ");
        yield return Case(
            "without its dependency",
            WithMissingBase(),
            "something it needs is missing: Could not load file or assembly 'Missing, Version=0.0.0.0");
        yield return Case(
            "for a newer .NET",
            ForNewerFramework(),
            $"it was built for .NET 99, but this host runs on .NET {Environment.Version.Major}. Build it for "
                + $"net{Environment.Version.Major}.0, or run the host on .NET 99.");

        static TestCaseData Case(string what, byte[] dll, string reason) =>
            new TestCaseData(dll, reason).SetArgDisplayNames(what);
    }

    private static Platform OtherArchitecture =>
        System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture
            == System.Runtime.InteropServices.Architecture.Arm64
            ? Platform.X64
            : Platform.Arm64;

    [Test]
    public async Task F67_a_plugin_whose_unloading_is_blocked_is_reported_and_inert_and_holds_up_no_reload(
        CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = await StartAsync(clock, cancellationToken);
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var shared = Shared.Put("F67", end);
        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting(
            "Foo",
            """
            _context = context;
            AppDomain.CurrentDomain.ProcessExit += OnExit;
            context.OnMessage(m => Rewrite("old"));
            context.Every(TimeSpan.FromSeconds(1), async () => await context.SayAsync("lobby", "ghost", "boo"));
            """,
            """
            IPluginContext _context;
            static void OnExit(object sender, EventArgs e) { }
            public async ValueTask DisposeAsync()
            {
                await ((TaskCompletionSource)AppDomain.CurrentDomain.GetData("F67")).Task;
                AppDomain.CurrentDomain.ProcessExit -= OnExit;
                await _context.SayAsync("lobby", "ghost", "still here");
                _context.Log.Info("disposed at last");
            }
            """,
            ", IAsyncDisposable"));

        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting("Foo", """context.OnMessage(m => Rewrite("new"));"""));
        await PassUntilAsync(clock, () => Said(chat, "still in memory"), cancellationToken);

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> new"));
        Assert.That(chat.Log.Lines.All, Has.One.StartsWith(
            "Warning: Plugin Foo version 1 is being removed, but its cleaning up does not end after 00:00:05."));
        Assert.That(chat.Log.Lines.All, Has.One.EqualTo(
            "Warning: Plugin Foo version 1 is retired but still in memory after 10 s. It still held: its cleaning up, "
                + "which does not end."));
        end.SetResult();
        await chat.Log.WaitForAsync("disposed at last", cancellationToken);
        Assert.That(
            await chat.TypeAsync("x"), Is.EqualTo("<ann> new"), "a version that has been taken out says nothing more");
        await PassUntilAsync(clock, () => Said(chat, "is gone after all"), cancellationToken);
    }

    [TestCaseSource(nameof(NotLoadable))]
    public async Task F70_a_file_that_cannot_be_a_plugin_is_not_loaded_for_a_reason_and_tried_again_when_it_changes(
        byte[] dll, string reason, CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        await chat.SaveAsync("zebra.csx", """OnMessage(m => Rewrite(m.Text + "~"));""");

        await chat.SaveAsync("Foo.dll", dll);
        await chat.RescanAsync();

        Assert.That(chat.Hooks, Does.Contain($"Foo.dll: {reason}"));
        Assert.That(chat.Log.Lines.All, Has.One.StartsWith($"Error: Not loaded: Foo.dll: {reason}"));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x~"));
        await chat.SaveAsync("Foo.dll", _good);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> good~"));
    }

    [Test]
    public async Task F71_fifty_saves_in_a_moment_make_one_reload_once_it_is_quiet(CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.Clock = clock;
        chat.Options.QuietTime = TimeSpan.FromMilliseconds(1);
        chat.Options.StartTimeout = TimeSpan.FromMinutes(10);
        await chat.StartAsync();
        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("first"));""");

        // No time passes meanwhile.
        for (var save = 1; save <= 50; save++)
            await File.WriteAllTextAsync(
                chat.Drop("say.csx"), $"""OnMessage(m => Rewrite("save {save}"));""", cancellationToken);
        while (await chat.TypeAsync("x") != "<ann> save 50")
            clock.Advance(chat.Options.QuietTime);

        Assert.That(chat.Plugins.Plugins.Single().Version, Is.EqualTo(2));
    }

    [Test]
    public async Task F71_a_version_that_fails_leaves_the_old_one_and_a_deleted_one_goes(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        await chat.SaveAsync("Foo.dll", _good);

        await chat.SaveAsync(
            "Foo.dll", CompiledPlugin.Starting("Foo", """throw new InvalidOperationException("deliberate");"""));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> good"));
        await chat.SaveAsync(
            "Foo.dll", CompiledPlugin.Starting("Foo", """context.OnMessage(m => Rewrite("better"));"""));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> better"));
        File.Delete(chat.Drop("Foo.dll"));
        await chat.RescanAsync();

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x"));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task F72_links_pipes_devices_unreadable_files_and_ten_thousand_files_are_ignored_with_one_event_each(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        Directory.CreateSymbolicLink(chat.Drop("loop"), chat.Drop());
        File.CreateSymbolicLink(chat.Drop("dangling.csx"), chat.Drop("nothing"));
        File.CreateSymbolicLink(chat.Drop("self.dll"), chat.Drop("self.dll"));
        await RunAsync("mkfifo", [chat.Drop("pipe.dll")], cancellationToken);
        await RunAsync("mknod", [chat.Drop("zero.dll"), "c", "1", "5"], cancellationToken);
        File.WriteAllText(chat.Drop("locked.csx"), "OnMessage(m => Pass);");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(chat.Drop("locked.csx"), UnixFileMode.None);
        using var held = Environment.IsPrivilegedProcess
            ? new FileStream(chat.Drop("locked.csx"), FileMode.Open, FileAccess.ReadWrite, FileShare.None)
            : null;
        Directory.CreateDirectory(chat.Drop("Many"));
        for (var file = 0; file < 10_000; file++)
            File.WriteAllBytes(chat.Drop(file % 2 == 0 ? $"{file}.txt" : $"Many/{file}.txt"), []);
        File.WriteAllBytes(chat.Drop("Many", "Many.dll"), _good);
        await chat.SaveAsync("zebra.csx", """OnMessage(m => Rewrite(m.Text + "~"));""");

        var watch = Stopwatch.StartNew();
        await chat.RescanAsync();
        TestContext.Out.WriteLine($"One look: {watch.ElapsedMilliseconds} ms");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x~"));
        Assert.That(chat.Ids, Is.EqualTo(new[] { "zebra" }));
        var log = chat.Log.Lines.All.Where(line => line.StartsWith("Error: ", StringComparison.Ordinal)).ToList();
        Assert.That(log, Has.One.EqualTo(
            $"Error: Not loaded: loop: this is a link to {chat.Drop()}, which is not inside the plugin folder, so it "
                + "is not followed. "
            + "Copy the target into the plugin folder, or allow such links (AllowOutsideLinks)."));
        Assert.That(log, Has.One.StartsWith("Error: Not loaded: dangling.csx: this is a link"));
        Assert.That(log, Has.One.StartsWith("Error: Not loaded: self.dll: this is a link"));
        Assert.That(log, Has.One.StartsWith("Error: Not loaded: pipe.dll: the file is empty."));
        Assert.That(log, Has.One.StartsWith("Error: Not loaded: locked.csx: it cannot be read now: "));
        Assert.That(log, Has.One.StartsWith("Error: Not loaded: Many.dll: its folder has more than 4096 files"));
        Assert.That(log, Has.Count.EqualTo(File.Exists(chat.Drop("zero.dll")) ? 7 : 6));
    }

    [Test]
    public async Task F73_a_script_with_a_syntax_error_leaves_the_version_before_it_and_the_error_has_its_line(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("first"));""");

        await chat.SaveAsync("say.csx", "// a comment\nOnMessage(m => Rewrite(\"second\")");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> first"));
        Assert.That(chat.Hooks, Does.Contain("say.csx:2:33: error CS1026: ) expected"));
        Assert.That(chat.Log.Lines.All, Has.One.StartsWith(
            "Error: Not loaded, version 1 stays in place: say.csx:2:33: error CS1026: ) expected"));
    }

    [Test]
    public async Task F74_a_script_that_is_emptied_and_then_written_in_parts_serves_in_its_old_version_until_whole(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        const string Whole = """OnMessage(m => Rewrite("second"));""";
        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("first"));""");

        for (var length = 0; length < Whole.Length; length += 8)
        {
            await chat.SaveAsync("say.csx", Whole[..length]);
            Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> first"), $"{length} characters");
        }

        await chat.SaveAsync("say.csx", Whole);
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> second"));
    }

    [Test]
    public async Task F75_a_change_of_which_no_event_tells_is_found_by_the_regular_look(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.PollInterval = TimeSpan.FromMilliseconds(50);
        await chat.StartAsync();
        await chat.SaveAsync("say.csx", """OnMessage(m => Rewrite("first"));""");

        // The watch is on the folder that was there at the start, and says nothing of the one in its place.
        Directory.Move(chat.Drop(), chat.Drop("..", "moved"));
        Directory.CreateDirectory(chat.Drop());
        await File.WriteAllTextAsync(chat.Drop("say.csx"), """OnMessage(m => Rewrite("second"));""", cancellationToken);
        await UntilAsync(chat, "<ann> second");
        File.Delete(chat.Drop("say.csx"));

        await UntilAsync(chat, "<ann> x");
    }

    [Test]
    public async Task F76_a_static_constructor_that_throws_is_reported_by_its_own_exception(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        await chat.SaveAsync("Foo.dll", _good);

        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting(
            "Foo", "", """static ThePlugin() => throw new InvalidOperationException("deliberate");"""));

        Assert.That(chat.Hooks, Does.Contain(
            "Foo.dll: it failed while it was starting: InvalidOperationException: deliberate"));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> good"));
    }

    [Test]
    public async Task F76_a_loop_of_resolving_assemblies_ends_in_an_exception_and_not_in_the_end_of_the_process(
        CancellationToken cancellationToken)
    {
        await using var chat = await StartAsync(TimeProvider.System, cancellationToken);
        using var shared = Shared.Put("F76/loop", true);

        await chat.SaveAsync("Foo.dll", CompiledPlugin.Starting("Foo", """
            AppDomain.CurrentDomain.AssemblyResolve += (_, missing) =>
                AppDomain.CurrentDomain.GetData("F76/loop") is true
                    ? System.Reflection.Assembly.Load(missing.Name)
                    : null;
            System.Reflection.Assembly.Load("Nothing.Such");
            """));

        Assert.That(chat.Hooks, Does.Contain("Foo.dll: it failed while it was starting: FileLoadException: "));
        await chat.SaveAsync("zebra.csx", """OnMessage(m => Rewrite("still here"));""");
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> still here"));
    }

    [Test]
    public async Task F76_a_module_initializer_that_sleeps_is_given_up_and_the_others_are_loaded(
        CancellationToken cancellationToken)
    {
        var clock = new FakeTimeProvider();
        await using var chat = await StartAsync(clock, cancellationToken);
        using var end = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        using var shared = Shared.Put("F76", new object[] { end, entered });
        await File.WriteAllBytesAsync(
            chat.Drop("Foo.dll"), CompiledPlugin.Starting("Foo", """context.OnMessage(m => Rewrite("never"));""", """
            [System.Runtime.CompilerServices.ModuleInitializer]
            internal static void Sleep()
            {
                var shared = (object[])AppDomain.CurrentDomain.GetData("F76");
                ((TaskCompletionSource)shared[1]).TrySetResult();
                ((ManualResetEventSlim)shared[0]).Wait();
            }
            """), cancellationToken);
        await File.WriteAllTextAsync(
            chat.Drop("zebra.csx"), """OnMessage(m => Rewrite(m.Text + "~"));""", cancellationToken);

        var look = chat.RescanAsync();
        await entered.Task.WaitAsync(cancellationToken);
        await PassUntilAsync(clock, () => Said(chat, "did not finish starting"), cancellationToken);
        await look;

        Assert.That(chat.Hooks, Does.Contain(
            "Foo.dll: it did not finish starting within 20 s. What it has begun cannot be stopped from outside; it is "
                + "tried again when it changes."));
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x~"));
        await PassUntilAsync(
            clock,
            () => Said(chat, "still in memory after 10 s. It still held: its start, which has not returned."),
            cancellationToken);
        end.Set();
        await PassUntilAsync(clock, () => Said(chat, "is gone after all"), cancellationToken);
    }

    private static bool Said(PluginChat chat, string text) =>
        chat.Log.Lines.All.Any(line => line.Contains(text, StringComparison.Ordinal));

    private static async Task<PluginChat> StartAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        var chat = new PluginChat(cancellationToken);
        chat.Options.Clock = clock;
        return await chat.StartAsync();
    }

    private static async Task UntilAsync(PluginChat chat, string answer)
    {
        while (await chat.TypeAsync("x") != answer)
            await Task.Yield();
    }

    /// <summary>Lets time go by, with a full collection each second, until it is so.</summary>
    private static async Task PassUntilAsync(
        FakeTimeProvider clock, Func<bool> isReached, CancellationToken cancellationToken)
    {
        while (!isReached())
        {
            cancellationToken.ThrowIfCancellationRequested();
            LoadContexts.Collect();
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }

    private static async Task RunAsync(string program, string[] arguments, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync(cancellationToken);
    }

    private static byte[] For(Platform platform) => CompiledPlugin.Compile(
        "Foo",
        "public class ThePlugin : Chat.Plugins.IChatPlugin { public System.Threading.Tasks.ValueTask "
            + "StartAsync(Chat.Plugins.IPluginContext c, System.Threading.CancellationToken t) => default; }",
        platform,
        CompiledPlugin.Contract);

    private static byte[] WithMissingBase()
    {
        var missing = CompiledPlugin.Compile("Missing", "public class Base { }");
        return CompiledPlugin.Compile(
            "Foo",
            "public class ThePlugin : Base, Chat.Plugins.IChatPlugin { public System.Threading.Tasks.ValueTask "
                + "StartAsync(Chat.Plugins.IPluginContext c, System.Threading.CancellationToken t) => default; }",
            CompiledPlugin.Contract,
            MetadataReference.CreateFromImage(missing));
    }

    /// <summary>A plugin that uses what only a later System.Runtime has.</summary>
    private static byte[] ForNewerFramework()
    {
        var newer = CompiledPlugin.Compile(
            "System.Runtime",
            """[assembly: System.Reflection.AssemblyVersion("99.0.0.0")] namespace System { public class """
                + """OfTheFuture { } }""");
        return CompiledPlugin.Compile(
            "Foo",
            "public class ThePlugin : Chat.Plugins.IChatPlugin { public System.OfTheFuture Future; public "
                + "System.Threading.Tasks.ValueTask StartAsync(Chat.Plugins.IPluginContext c, "
                + "System.Threading.CancellationToken t) => default; }",
            [CompiledPlugin.Contract, MetadataReference.CreateFromImage(newer)]);
    }
}
