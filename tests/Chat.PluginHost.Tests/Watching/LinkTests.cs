using System.Diagnostics;
using Chat.PluginHost.Reload;
using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Tests.Watching;

[CancelAfter(60000)]
[Platform("Linux,MacOsX")]
public sealed class LinkTests : IDisposable
{
    private static readonly HashSet<string> _nothing = [];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void F7_a_file_behind_a_link_is_watched_where_it_leads()
    {
        var target = Write("elsewhere/shared.json", "{}");
        File.CreateSymbolicLink(PathOf("say.json"), target);
        var (record, source) = Tried("say.csx", "say.json");

        Write("elsewhere/shared.json", """{ "changed": true }""");

        Assert.That(record.HasChanged(source, _nothing), Is.True);
    }

    [Test]
    public void F7_a_file_that_a_script_loads_is_watched_where_its_link_leads()
    {
        var target = Write("elsewhere/lib.csx", "one");
        File.CreateSymbolicLink(PathOf("_lib.csx"), target);
        var (record, source) = Tried("say.csx");
        record.AlsoDependsOn(source, [PathOf("_lib.csx")]);

        Write("elsewhere/lib.csx", "another");

        Assert.That(record.HasChanged(source, _nothing), Is.True);
    }

    [Test]
    public void F7_a_folder_link_on_the_way_that_leads_elsewhere_is_a_change_even_if_size_and_time_are_the_same()
    {
        var time = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(Write("..one/say.json", """{ "a": 1 }"""), time);
        File.SetLastWriteTimeUtc(Write("..two/say.json", """{ "a": 2 }"""), time);
        Directory.CreateSymbolicLink(PathOf("..data"), "..one");
        File.CreateSymbolicLink(PathOf("say.json"), "..data/say.json");
        var (record, source) = Tried("say.csx", "say.json");

        Directory.Delete(PathOf("..data"));
        Directory.CreateSymbolicLink(PathOf("..data"), "..two");

        Assert.That(record.HasChanged(source, _nothing), Is.True);
    }

    [Test]
    public void F7_a_link_to_a_pipe_is_never_opened()
    {
        using (var made = Process.Start("mkfifo", [PathOf("pipe")]))
            made.WaitForExit();
        File.CreateSymbolicLink(PathOf("say.json"), PathOf("pipe"));

        Assert.That(PluginSource.IsEmpty(PathOf("say.json")), Is.True);
    }

    [Test]
    public async Task F17_a_ConfigMap_as_plugin_folder_is_loaded_and_its_update_is_noticed(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.QuietTime = TimeSpan.FromMilliseconds(20);
        Directory.CreateDirectory(chat.Drop("..one"));
        File.WriteAllText(chat.Drop("..one", "say.csx"), """OnMessage(m => Rewrite("one"));""");
        Directory.CreateSymbolicLink(chat.Drop("..data"), "..one");
        File.CreateSymbolicLink(chat.Drop("say.csx"), "..data/say.csx");
        await chat.StartAsync();
        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> one"));

        Directory.CreateDirectory(chat.Drop("..two"));
        File.WriteAllText(chat.Drop("..two", "say.csx"), """OnMessage(m => Rewrite("two"));""");
        Directory.CreateSymbolicLink(chat.Drop("..data_tmp"), "..two");
        using (var swap = Process.Start("mv", ["-T", chat.Drop("..data_tmp"), chat.Drop("..data")]))
            await swap.WaitForExitAsync(cancellationToken);

        while (await chat.TypeAsync("x") != "<ann> two")
            await Task.Yield();
        Assert.That(chat.Server.Problems, Is.Empty);
    }

    [Test]
    public async Task F17_links_inside_the_folder_are_followed_in_a_plugins_own_folder_too(
        CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin("UsesLibrary1"), chat.Drop("..versions", "one"));
        Directory.CreateDirectory(chat.Drop("UsesLibrary1"));
        foreach (var file in Directory.EnumerateFiles(chat.Drop("..versions", "one")))
            File.CreateSymbolicLink(chat.Drop("UsesLibrary1", Path.GetFileName(file)), file);

        await chat.StartAsync();

        Assert.That(await chat.TypeAsync("/library1"), Is.EqualTo("library one 1.0.0.0"));
    }

    [TestCase(false, "<ann> x")]
    [TestCase(true, "<ann> linked")]
    public async Task F17_a_link_out_of_the_folder_is_followed_only_if_that_is_allowed(
        bool isAllowed, string seen, CancellationToken cancellationToken)
    {
        await using var chat = new PluginChat(cancellationToken);
        chat.Options.AllowOutsideLinks = isAllowed;
        File.CreateSymbolicLink(
            chat.Drop("say.csx"), Write("elsewhere/say.csx", """OnMessage(m => Rewrite("linked"));"""));

        await chat.StartAsync();

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo(seen));
        Assert.That(chat.Server.Problems, isAllowed
            ? Is.Empty
            : Is.EqualTo(new[]
            {
                $"say.csx: this is a link to {PathOf("elsewhere/say.csx")}, which is not inside the plugin folder, so "
                    + "it is not followed. "
                    + "Copy the target into the plugin folder, or allow such links (AllowOutsideLinks).",
            }));
    }

    [TestCase("a/b", "a/b")]
    [TestCase("toA/b", "a/b")]
    [TestCase("toB", "a/b")]
    [TestCase("a/up/toB", "a/b")]
    [TestCase("circle", null)]
    [TestCase("missing", null)]
    public void A_real_path_has_no_links_in_it(string path, string? real)
    {
        Write("a/b", "x");
        Directory.CreateSymbolicLink(PathOf("toA"), PathOf("a"));
        File.CreateSymbolicLink(PathOf("toB"), "toA/b");
        Directory.CreateSymbolicLink(PathOf("a/up"), "..");
        File.CreateSymbolicLink(PathOf("circle"), "circle");

        Assert.That(FileLinks.RealPath(PathOf(path)), Is.EqualTo(
            real is null ? null : Path.Combine(FileLinks.RealPath(_folder.Path)!, real)));
    }

    private string PathOf(string name) => Path.Combine(_folder.Path, name);

    private string Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllText(PathOf(name), text);
        return PathOf(name);
    }

    private (PluginRecord Record, PluginSource Source) Tried(string script, params string[] more)
    {
        var main = Write(script, "main");
        var source = new PluginSource(
            "say", 100, PluginKind.Script, main, _folder.Path, [main, .. more.Select(PathOf)], null);
        var record = new PluginRecord();
        Assert.That(record.HasChanged(source, _nothing), Is.True);
        Assert.That(record.HasChanged(source, _nothing), Is.False);
        return (record, source);
    }
}
