using System.Text;
using Chat.PluginHost.Storage;
using Chat.Scenes.Clients;
using Microsoft.Extensions.Time.Testing;

namespace Chat.PluginHost.Tests.Storage;

public sealed class StoreFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CollectingLog _log = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));

    private string Kept => Path.Combine(_folder.Path, "store");

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Test]
    public void What_is_kept_is_there_after_a_restart()
    {
        Open().Set("who", "ann");
        Open().Set("what", "");

        var after = Open();

        Assert.That((after.Get("who"), after.Get("what"), after.Get("Who")), Is.EqualTo(("ann", "", (string?)null)));
    }

    [Test]
    public void What_is_forgotten_is_gone_after_a_restart()
    {
        var store = Open();
        store.Set("a", "1");
        store.Set("b", "2");

        store.Set("a", null);
        store.Set("never there", null);

        Assert.That(
            (store.Get("a"), Open().Get("a"), Open().Get("b")), Is.EqualTo(((string?)null, (string?)null, "2")));
    }

    [Test]
    public void People_can_read_the_file()
    {
        Open("Foo").Set("größe", "20 \"cm\" <b>\n");

        Assert.That(File.ReadAllText(Path.Combine(Kept, "Foo.json")), Is.EqualTo(
            "{\n  \"größe\": \"20 \\\"cm\\\" <b>\\n\"\n}"));
    }

    [Test]
    public void Nothing_is_read_or_made_before_it_is_asked_for()
    {
        var store = Open();
        Assert.That(Directory.Exists(Kept), Is.False);
        Directory.CreateDirectory(Kept);
        File.WriteAllText(Path.Combine(Kept, "foo.json"), """{ "late": "but there" }""");

        Assert.That(store.Get("late"), Is.EqualTo("but there"));
    }

    [Test]
    public void When_the_disk_is_full_what_was_kept_stays_and_the_plugin_is_told()
    {
        if (!File.Exists("/dev/full"))
            Assert.Ignore("There is no /dev/full here.");
        var store = Open();
        store.Set("a", "old");
        File.CreateSymbolicLink(Path.Combine(Kept, "foo.json.new"), "/dev/full");

        Assert.That(() => store.Set("a", "new"), Throws.InstanceOf<IOException>().With.Message.StartsWith(
            "What plugin foo keeps cannot be written, and stays as it was: No space left on device"));

        Assert.That((store.Get("a"), Open().Get("a")), Is.EqualTo(("old", "old")));
        store.Set("a", "room again");
        Assert.That(Open().Get("a"), Is.EqualTo("room again"));
    }

    [Test]
    public void A_folder_that_cannot_be_made_is_an_IOException_and_nothing_is_kept()
    {
        File.WriteAllText(Kept, "a file in its place");
        var store = Open();

        Assert.That(() => store.Set("a", "1"), Throws.InstanceOf<IOException>().With.Message.StartsWith(
            "What plugin foo keeps cannot be written"));
        Assert.That(store.Get("a"), Is.Null);
    }

    [Test]
    public void A_write_that_was_cut_off_half_way_leaves_what_was_kept_before()
    {
        Open().Set("a", "old");
        File.WriteAllText(Path.Combine(Kept, "foo.json.new"), "{ \"a\": \"ne");

        var after = Open();
        Assert.That(after.Get("a"), Is.EqualTo("old"));
        after.Set("a", "new");

        Assert.That(Open().Get("a"), Is.EqualTo("new"));
        Assert.That(Directory.EnumerateFiles(Kept), Has.Exactly(1).Items);
    }

    [TestCase("")]
    [TestCase("{ \"a\": \"1\"")]
    [TestCase("[1]")]
    [TestCase("{ \"a\": 1 }")]
    [TestCase("{ \"a\": \"\\ud800\" }")]
    [TestCase("\0\0\0\0")]
    public void A_damaged_file_is_moved_aside_with_one_line_in_the_log_and_the_store_begins_empty(string damaged)
    {
        Directory.CreateDirectory(Kept);
        File.WriteAllText(Path.Combine(Kept, "foo.json"), damaged);

        var store = Open();
        Assert.That((store.Get("a"), store.Get("b")), Is.EqualTo(((string?)null, (string?)null)));
        store.Set("a", "new");

        var aside = Path.Combine(Kept, "foo.json.damaged-20300102T030405Z");
        Assert.That(File.ReadAllText(aside), Is.EqualTo(damaged));
        Assert.That(_log.Lines.All, Has.Count.EqualTo(1).And.All.StartsWith(
            "Error: What plugin foo has kept is damaged, so it begins with nothing: ").And.All.Contain(aside));
        Assert.That(Open().Get("a"), Is.EqualTo("new"));
    }

    [Test]
    public void A_second_damaged_file_does_not_take_the_place_of_the_first()
    {
        Directory.CreateDirectory(Kept);
        foreach (var damaged in new[] { "first", "second" })
        {
            File.WriteAllText(Path.Combine(Kept, "foo.json"), damaged);
            Open().Get("a");
        }

        Assert.That(
            Directory.EnumerateFiles(Kept).Select(File.ReadAllText), Is.EquivalentTo(new[] { "first", "second" }));
    }

    [Test]
    public void Whatever_the_id_its_file_is_in_the_folder_and_nobody_elses()
    {
        string[] ids =
        [
            "../x", "..\\x", "/etc/x", "a\0b", "a_b", "con", "NUL.txt", "com1", ".hidden", "..", ".", "%2e%2e%2f",
            "a:b", "a*b", "with space", "größe", "_",
            "line\nbreak", new('x', 300), new('x', 301), new string('x', 32) + "~0", "\ud800",
        ];

        foreach (var id in ids)
            Open(id).Set("id", id == "\ud800" ? "half" : id);

        Assert.That(ids.Select(id => Open(id).Get("id")), Is.EqualTo(ids.Select(id => id == "\ud800" ? "half" : id)));
        Assert.That(Directory.EnumerateFiles(Kept).Count(), Is.EqualTo(ids.Length));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.EqualTo(new[] { Kept }));
        Assert.That(
            Directory.EnumerateFiles(Kept).Select(file => Encoding.UTF8.GetByteCount(Path.GetFileName(file))),
            Is.All.LessThan(200));
    }

    [TestCase("foo", "FOO")]
    [TestCase("a/b", "A/B")]
    public void An_id_is_the_same_whatever_its_case_as_everywhere(string id, string other)
    {
        Open(id).Set("a", "1");

        Assert.That(Open(other).Get("a"), Is.EqualTo("1"));
    }

    [TestCase("")]
    [TestCase("129")]
    [TestCase("half")]
    public void A_name_has_1_to_128_whole_characters(string key)
    {
        key = key switch { "129" => new string('k', 129), "half" => "\ud800", _ => key };
        var store = Open();

        Assert.That(() => store.Get(key), Throws.ArgumentException);
        Assert.That(() => store.Set(key, "x"), Throws.ArgumentException);
        store.Set(new string('k', 128), "x");
    }

    [Test]
    public void A_text_with_half_a_character_is_refused_and_says_where()
    {
        Assert.That(() => Open().Set("a", "ab\ud800"), Throws.ArgumentException.With.Message.StartsWith(
            "There is half a character in the text 'a', at 3,"));
    }

    [Test]
    public void All_texts_together_have_at_most_1_MiB()
    {
        var store = Open();
        store.Set("a", new string('ä', 256 * 1024));
        store.Set("b", new string('x', (512 * 1024) - 2));

        Assert.That(
            () => store.Set("c", ""), Throws.ArgumentException.With.Message.StartsWith("A plugin keeps at most 1 MiB"));
        Assert.That(() => store.Set("b", new string('x', (512 * 1024) - 1)), Throws.ArgumentException);
        Assert.That((store.Get("c"), store.Get("b")!.Length), Is.EqualTo(((string?)null, (512 * 1024) - 2)));

        store.Set("a", null);
        store.Set("c", "room again");
        Assert.That(Open().Get("c"), Is.EqualTo("room again"));
    }

    [Test]
    public void Without_a_folder_the_next_version_finds_what_the_old_one_kept_and_nothing_is_written()
    {
        var folder = new StoreFolder(null, _clock, _log.CreateLogger(""));
        var old = folder.Open("foo");
        old.GoLive();
        old.Set("a", "1");
        old.Revoke();

        Assert.That((folder.Open("foo").Get("a"), folder.Open("bar").Get("a")), Is.EqualTo(("1", (string?)null)));
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }

    [Test]
    public void A_version_that_has_been_replaced_keeps_nothing_more()
    {
        var folder = Folder();
        var (old, next) = (folder.Open("foo"), folder.Open("foo"));
        old.GoLive();
        old.Set("a", "old");
        next.GoLive();
        old.Set("a", "a line is still inside");

        old.Leave();

        Assert.That(() => old.Set("a", "late"), Throws.InstanceOf<ObjectDisposedException>().With.Message.Contains(
            "This version of the plugin has been removed"));
        Assert.That(() => old.Get("a"), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(next.Get("a"), Is.EqualTo("a line is still inside"));
    }

    [Test]
    public void A_version_in_whose_place_there_is_none_may_keep_what_its_cleaning_up_says()
    {
        var store = Open();
        store.GoLive();
        store.Leave();
        store.Set("a", "last");
        store.Revoke();

        Assert.That(() => store.Set("a", "late"), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(Open().Get("a"), Is.EqualTo("last"));
    }

    [Test]
    public void Many_threads_may_keep_at_once()
    {
        var store = Open();

        Parallel.For(0, 64, number => store.Set($"{number}", $"{number}"));

        var after = Open();
        Assert.That(Enumerable.Range(0, 64).Select(number => after.Get($"{number}")), Is.EqualTo(
            Enumerable.Range(0, 64).Select(number => $"{number}")));
    }

    /// <summary>A store as it is after a restart.</summary>
    private PluginStore Open(string id = "foo") => Folder().Open(id);

    private StoreFolder Folder() => new(Kept, _clock, _log.CreateLogger(""));
}
