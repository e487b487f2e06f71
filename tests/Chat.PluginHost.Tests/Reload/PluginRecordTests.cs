using Chat.PluginHost.Reload;
using Chat.PluginHost.Watching;

namespace Chat.PluginHost.Tests.Reload;

public sealed class PluginRecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void A_save_that_comes_while_the_script_is_being_compiled_is_not_missed()
    {
        var source = Write("main.csx", "first");
        var record = new PluginRecord();
        Assert.That(record.HasChanged(source), Is.True);

        Write("main.csx", "the second save");
        record.AlsoDependsOn(source, []);

        Assert.That(record.HasChanged(source), Is.True);
    }

    [Test]
    public void A_save_of_a_loaded_file_that_comes_while_the_script_is_being_compiled_is_not_missed()
    {
        var source = Write("main.csx", "main");
        var loaded = Write("_lib.csx", "first").MainFile;
        var record = new PluginRecord();
        record.HasChanged(source);
        record.AlsoDependsOn(source, [loaded]);
        Write("main.csx", "main again");
        Assert.That(record.HasChanged(source), Is.True);

        Write("_lib.csx", "the second save");
        record.AlsoDependsOn(source, [loaded]);

        Assert.That(record.HasChanged(source), Is.True);
    }

    [Test]
    public void What_has_been_tried_is_not_tried_again_until_it_changes()
    {
        var source = Write("main.csx", "main");
        var loaded = Write("_lib.csx", "lib").MainFile;
        var record = new PluginRecord();
        record.HasChanged(source);

        record.AlsoDependsOn(source, [loaded]);

        Assert.That(record.HasChanged(source), Is.False);
    }

    [Test]
    public void F15_a_touched_file_is_read_even_if_it_looks_the_same()
    {
        var source = Write("main.csx", "one");
        var time = File.GetLastWriteTimeUtc(source.MainFile);
        var record = new PluginRecord();
        record.HasChanged(source);
        File.WriteAllText(source.MainFile, "two");
        File.SetLastWriteTimeUtc(source.MainFile, time);

        Assert.That(
            record.HasChanged(source, new HashSet<string> { Path.Combine(_folder.Path, "other.csx") }), Is.False);
        Assert.That(record.HasChanged(source, new HashSet<string> { source.MainFile }), Is.True);
    }

    [Test]
    public void What_failed_is_tried_again_when_it_is_saved_and_not_when_it_is_only_read_again()
    {
        var source = Write("main.csx", "one");
        var record = new PluginRecord();
        record.HasChanged(source);
        record.TryWhenSaved();

        Assert.That(record.HasChanged(source), Is.False);
        File.SetLastWriteTimeUtc(source.MainFile, File.GetLastWriteTimeUtc(source.MainFile).AddSeconds(1));
        Assert.That(record.HasChanged(source), Is.True);
    }

    private PluginSource Write(string name, string text)
    {
        var file = Path.Combine(_folder.Path, name);
        File.WriteAllText(file, text);
        return new PluginSource("main", 100, PluginKind.Script, file, _folder.Path, [file], null);
    }
}
