using System.Runtime.Versioning;
using Chat.PluginHost.Compiling;
using Chat.Scenes.Clients;
using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests.Compiling;

/// <summary>
/// What has been compiled is not compiled again. An assembly that was compiled anew has another identity, so equal
/// bytes are the old ones.
/// </summary>
[CancelAfter(60000)]
public sealed class ScriptCacheTests : IDisposable
{
    private const string Script = "OnMessage(m => Pass);";

    private readonly TemporaryFolder _folder = new();
    private readonly CollectingLog _log = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private string Cache => Path.Combine(_folder.Path, "cache");

    private string[] Entries => Directory.GetFiles(Cache);

    public void Dispose() => _folder.Dispose();

    [Test]
    public void An_unchanged_script_is_taken_from_the_cache_with_all_there_is_to_know_of_it()
    {
        Write("_lib.csx", "int One() => 1;");
        File.Copy(Path.Combine(RepositoryFiles.TestPlugin("Library1"), "Shared.Library.dll"), At("Shared.Library.dll"));
        Write(
            "main.csx",
            "#load \"_lib.csx\"\n#r \"Shared.Library.dll\"\nOnMessage(m => Rewrite(Shared.Library.Greeting.Text + "
                + "One()));");
        var first = Compile("main.csx");

        var second = Compile("main.csx");

        Assert.That(second.Assembly, Is.EqualTo(first.Assembly));
        Assert.That(second.Symbols, Is.EqualTo(first.Symbols));
        Assert.That(second.Files, Is.EqualTo(first.Files));
        Assert.That(second.Libraries, Is.EqualTo(
            new Dictionary<string, string> { ["Shared.Library"] = At("Shared.Library.dll") }));
        Assert.That(second.Obstacle, Is.Empty);
        Assert.That(_log.Lines.All, Is.Empty);
    }

    [Test]
    public void A_script_is_compiled_anew_when_it_changes_and_not_when_it_changes_back()
    {
        Write("main.csx", Script);
        var first = Compile("main.csx");
        Write("main.csx", $"{Script} // changed");

        Assert.That(Compile("main.csx").Assembly, Is.Not.EqualTo(first.Assembly));
        Write("main.csx", Script);
        Assert.That(Compile("main.csx").Assembly, Is.EqualTo(first.Assembly));
    }

    [Test]
    public void A_script_is_compiled_anew_when_a_file_it_loads_changes_even_far_below()
    {
        Write("_deep.csx", "int One() => 1;");
        Write("_lib.csx", "#load \"_deep.csx\"");
        Write("main.csx", "#load \"_lib.csx\"\nOne()");
        var first = Compile("main.csx");

        Write("_deep.csx", "int One() => 2;");

        Assert.That(Compile("main.csx").Assembly, Is.Not.EqualTo(first.Assembly));
    }

    [Test]
    public void A_script_is_compiled_anew_when_a_DLL_it_refers_to_changes()
    {
        File.Copy(Path.Combine(RepositoryFiles.TestPlugin("Library1"), "Shared.Library.dll"), At("Shared.Library.dll"));
        Write("main.csx", "#r \"Shared.Library.dll\"\nShared.Library.Greeting.Text");
        var first = Compile("main.csx");

        File.Copy(
            Path.Combine(RepositoryFiles.TestPlugin("Library2"), "Shared.Library.dll"),
            At("Shared.Library.dll"),
            overwrite: true);

        Assert.That(Compile("main.csx").Assembly, Is.Not.EqualTo(first.Assembly));
    }

    [Test]
    public void A_missing_file_is_an_error_although_the_script_is_in_the_cache()
    {
        Write("_lib.csx", "int One() => 1;");
        Write("main.csx", "#load \"_lib.csx\"\nOne()");
        Compile("main.csx");

        File.Delete(At("_lib.csx"));

        Assert.That(Compile("main.csx").Errors.Select(error => error.Where), Has.Some.StartWith("main.csx:1:"));
    }

    [Test]
    public void Two_scripts_of_the_same_content_are_two_entries()
    {
        Write("one.csx", Script);
        Write("two.csx", Script);

        Assert.That(Compile("two.csx").Assembly, Is.Not.EqualTo(Compile("one.csx").Assembly));
        Assert.That(Entries, Has.Length.EqualTo(2));
    }

    [Test]
    public void What_does_not_compile_is_not_kept()
    {
        Write("main.csx", "nonsense");

        Compile("main.csx");

        Assert.That(Directory.Exists(Cache), Is.False);
    }

    [TestCase("empty")]
    [TestCase("truncated")]
    [TestCase("damaged")]
    [TestCase("foreign")]
    [TestCase("another script's")]
    public void An_entry_that_is_not_what_it_should_be_is_ignored_and_written_anew(string damage)
    {
        Write("main.csx", Script);
        var first = Compile("main.csx");
        var entry = Entries.Single();
        var bytes = File.ReadAllBytes(entry);
        Write("other.csx", "OnSending(m => Allow);");
        Compile("other.csx");
        var other = File.ReadAllBytes(Entries.Single(each => each != entry));
        var damaged = (byte[])bytes.Clone();
        damaged[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(entry, damage switch
        {
            "empty" => [],
            "truncated" => bytes[..^100],
            "damaged" => damaged,
            "foreign" =>
                "something else altogether, and longer than the mark and the checksum of an entry are"u8.ToArray(),
            _ => other,
        });

        var second = Compile("main.csx");

        Assert.That(second.Assembly, Is.Not.EqualTo(first.Assembly));
        Assert.That(Compile("main.csx").Assembly, Is.EqualTo(second.Assembly));
        Assert.That(_log.Lines.All, Is.Empty);
    }

    [Test]
    public void A_folder_that_cannot_be_had_only_means_no_cache_and_is_logged_once()
    {
        File.WriteAllText(Cache, "a file, where a folder should be");
        Write("main.csx", Script);

        var compiler = new ScriptCompiler(new ScriptCache(Cache, 200, _clock, _log.CreateLogger("")));
        Compile(compiler, "main.csx");
        Compile(compiler, "main.csx");

        Assert.That(_log.Lines.All, Has.Exactly(1).StartWith(
            $"Warning: Compiled scripts are not kept in {Cache}, so each start compiles them anew: "));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There are no such modes.")]
    [UnsupportedOSPlatform("windows")]
    public void The_folder_is_made_for_its_owner_alone()
    {
        Write("main.csx", Script);

        Compile("main.csx");

        Assert.That(File.GetUnixFileMode(Cache), Is.EqualTo(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "There are no such modes.")]
    [UnsupportedOSPlatform("windows")]
    public void A_folder_others_may_write_to_is_not_trusted_and_the_log_says_what_to_do()
    {
        Write("main.csx", Script);
        var first = Compile("main.csx");
        File.SetUnixFileMode(Cache, File.GetUnixFileMode(Cache) | UnixFileMode.OtherWrite);

        var second = Compile("main.csx");

        Assert.That(second.Assembly, Is.Not.EqualTo(first.Assembly));
        Assert.That(_log.Lines.All, Has.Exactly(1).EndsWith(
            "other users may write to it. Delete it, or allow access to its owner alone (chmod 700)"));
    }

    [Test]
    public void The_entries_not_used_for_the_longest_time_go_first()
    {
        foreach (var name in (string[])["a.csx", "b.csx", "c.csx"])
            Write(name, Script);
        var a = Compile("a.csx", 2).Assembly;
        _clock.Advance(TimeSpan.FromMinutes(1));
        var b = Compile("b.csx", 2).Assembly;
        _clock.Advance(TimeSpan.FromMinutes(1));
        Compile("a.csx", 2);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Compile("c.csx", 2);

        Assert.That(Entries, Has.Length.EqualTo(2));
        Assert.That(Compile("a.csx", 3).Assembly, Is.EqualTo(a));
        Assert.That(Compile("b.csx", 3).Assembly, Is.Not.EqualTo(b));
    }

    [Test]
    public void What_a_killed_process_has_left_half_written_goes_too()
    {
        Write("main.csx", Script);
        Directory.CreateDirectory(Cache);
        var left = Path.Combine(Cache, "left.tmp");
        var underWay = Path.Combine(Cache, "under-way.tmp");
        File.WriteAllText(left, "half");
        File.SetLastWriteTimeUtc(left, _clock.GetUtcNow().UtcDateTime.AddHours(-2));
        File.WriteAllText(underWay, "half");
        File.SetLastWriteTimeUtc(underWay, _clock.GetUtcNow().UtcDateTime);

        Compile("main.csx");

        Assert.That(File.Exists(left), Is.False);
        Assert.That(File.Exists(underWay), Is.True);
    }

    [Test]
    public void Another_compiler_or_runtime_is_another_key()
    {
        var identity = CompilerIdentity.Describe();

        foreach (var part in (string[])[
            "Microsoft.CodeAnalysis.CSharp.dll ",
            "Chat.PluginHost ",
            "Chat.Abstractions ",
            "System.Private.CoreLib ",
            "System.Text.Json "])
            Assert.That(identity, Does.Match($@"{System.Text.RegularExpressions.Regex.Escape(part)}[0-9a-f-]{{36}}"));
    }

    private string At(string name) => Path.Combine(_folder.Path, name);

    private void Write(string name, string text) => File.WriteAllText(At(name), text);

    /// <summary>As a process does that has just started.</summary>
    private CompiledScript Compile(string name, int maxEntries = 200) =>
        Compile(new ScriptCompiler(new ScriptCache(Cache, maxEntries, _clock, _log.CreateLogger(""))), name);

    private CompiledScript Compile(ScriptCompiler compiler, string name) =>
        compiler.Compile(At(name), name, path => Path.GetFileName(path), CancellationToken.None);
}
