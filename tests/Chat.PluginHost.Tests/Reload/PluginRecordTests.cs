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
        var unit = Write("main.csx", "first");
        var slot = new PluginRecord();
        Assert.That(slot.HasChanged(unit), Is.True);

        Write("main.csx", "the second save");
        slot.AlsoDependsOn(unit, []);

        Assert.That(slot.HasChanged(unit), Is.True);
    }

    [Test]
    public void A_save_of_a_loaded_file_that_comes_while_the_script_is_being_compiled_is_not_missed()
    {
        var unit = Write("main.csx", "main");
        var loaded = Write("_lib.csx", "first").MainFile;
        var slot = new PluginRecord();
        slot.HasChanged(unit);
        slot.AlsoDependsOn(unit, [loaded]);
        Write("main.csx", "main again");
        Assert.That(slot.HasChanged(unit), Is.True);

        Write("_lib.csx", "the second save");
        slot.AlsoDependsOn(unit, [loaded]);

        Assert.That(slot.HasChanged(unit), Is.True);
    }

    [Test]
    public void What_has_been_tried_is_not_tried_again_until_it_changes()
    {
        var unit = Write("main.csx", "main");
        var loaded = Write("_lib.csx", "lib").MainFile;
        var slot = new PluginRecord();
        slot.HasChanged(unit);

        slot.AlsoDependsOn(unit, [loaded]);

        Assert.That(slot.HasChanged(unit), Is.False);
    }

    private PluginSource Write(string name, string text)
    {
        var file = Path.Combine(_folder.Path, name);
        File.WriteAllText(file, text);
        return new PluginSource("main", 100, PluginKind.Script, file, _folder.Path, [file], null);
    }
}
