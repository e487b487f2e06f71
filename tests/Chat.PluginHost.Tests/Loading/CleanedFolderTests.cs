namespace Chat.PluginHost.Tests.Loading;

/// <summary>Something else deletes the files that plugins run from, such as a cleaner of temporary files.</summary>
[CancelAfter(60000)]
public sealed class CleanedFolderTests
{
    [TestCase("UsesLibrary1", "/library1", "library one 1.0.0.0")]
    [TestCase("Localized", "/greet de", "guten Tag")]
    [TestCase("UsesJson", "/json", """{"Name":"tea room","Seats":7} 7""")]
    public async Task F23_a_dependency_first_needed_after_the_shadow_folder_was_emptied_is_there(
        string plugin, string command, string answer, CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.DropTestPluginAsync(plugin);

        Empty(chat);

        Assert.That(await chat.TypeAsync(command), Is.EqualTo(answer));
    }

    [Test]
    [Platform("Linux")]
    public async Task F23_a_native_library_first_needed_after_the_shadow_folder_was_emptied_is_there(
        CancellationToken cancellationToken)
    {
        var native = Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, "libSystem.Native.so");
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        Directory.CreateDirectory(chat.Drop("Foo"));
        File.Copy(native, chat.Drop("Foo", "libprivate.so"));
        await chat.SaveAsync("Foo/Foo.dll", CompiledPlugin.Starting(
            "Foo",
            """context.Command("native", "", "", call => Reply($"{GetPid() == Environment.ProcessId}"));""",
            """
            [System.Runtime.InteropServices.DllImport("private", EntryPoint = "SystemNative_GetPid")]
            static extern int GetPid();
            """));

        Empty(chat);

        Assert.That(await chat.TypeAsync("/native"), Is.EqualTo("True"));
    }

    [Test]
    public async Task F23_a_DLL_that_changed_since_it_was_loaded_is_not_mixed_in(CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.DropTestPluginAsync("UsesLibrary1");
        File.Copy(
            Path.Combine(RepositoryFiles.TestPlugin("Library2"), "Shared.Library.dll"),
            chat.Drop("UsesLibrary1", "Shared.Library.dll"),
            overwrite: true);

        Empty(chat);

        Assert.That(await chat.TypeAsync("/library1"), Does.Contain("/library1 failed"));
    }

    [Test]
    public async Task F23_a_plugin_whose_copy_was_deleted_is_removed_and_replaced_as_ever(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();
        await chat.DropTestPluginAsync("UsesLibrary1");
        Empty(chat);

        File.WriteAllText(chat.Drop("UsesLibrary1", "again.txt"), "again");
        await chat.RescanAsync();
        await chat.RetiredAsync();

        Assert.That(await chat.TypeAsync("/library1"), Is.EqualTo("library one 1.0.0.0"));
        Assert.That(
            Directory.EnumerateDirectories(Directory.EnumerateDirectories(chat.Shadow()).Single()).Count(),
            Is.EqualTo(1));
    }

    /// <summary>Deletes all files and folders in the shadow folder, with no regard for anybody.</summary>
    private static void Empty(PluginChat chat)
    {
        foreach (var folder in Directory.GetDirectories(chat.Shadow()))
            Directory.Delete(folder, recursive: true);
    }
}
