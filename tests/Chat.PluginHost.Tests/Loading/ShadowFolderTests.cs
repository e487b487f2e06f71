using Chat.PluginHost.Loading;

namespace Chat.PluginHost.Tests.Loading;

public sealed class ShadowFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Test]
    public void What_an_ended_process_has_left_is_swept_at_the_next_start()
    {
        var left = Path.Combine(_folder.Path, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(Path.Combine(left, "Foo-1"));
        File.WriteAllText(Path.Combine(left, ".lock"), "");
        File.WriteAllText(Path.Combine(left, "Foo-1", "Foo.dll"), "");

        using var shadow = new ShadowFolder(_folder.Path);

        Assert.That(Directory.Exists(left), Is.False);
    }

    [Test]
    public void What_another_host_still_holds_is_not_swept()
    {
        using var first = new ShadowFolder(_folder.Path);
        var held = Directory.GetDirectories(_folder.Path).Single();

        using var second = new ShadowFolder(_folder.Path);

        Assert.That(Directory.Exists(held), Is.True);
        Assert.That(Directory.GetDirectories(_folder.Path), Has.Length.EqualTo(2));
    }

    [Test]
    public void A_folder_it_has_not_made_is_not_swept()
    {
        var foreign = Path.Combine(_folder.Path, "somebody's work");
        Directory.CreateDirectory(foreign);
        File.WriteAllText(Path.Combine(foreign, "thesis.txt"), "years of it");

        using var shadow = new ShadowFolder(_folder.Path);

        Assert.That(Directory.GetFiles(foreign), Has.Length.EqualTo(1));
    }

    [Test]
    public void Disposing_leaves_nothing()
    {
        new ShadowFolder(_folder.Path).Dispose();

        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Path), Is.Empty);
    }
}
