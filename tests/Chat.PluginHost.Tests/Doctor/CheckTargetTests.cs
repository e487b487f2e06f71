namespace Chat.PluginHost.Tests.Doctor;

[CancelAfter(60000)]
public sealed class CheckTargetTests
{
    private const string Good = "OnMessage(m => Pass);";

    [TestCase]
    [TestCase("10-foo.csx")]
    [TestCase("foo.csx")]
    public async Task Two_files_with_one_id_are_an_error_whichever_is_checked(params string[] names)
    {
        using var checkup = new Checkup(CancellationToken.None).Write("10-foo.csx", Good).Write("foo.csx", Good);

        var found = await checkup.FindAsync(names);

        Assert.That(found, Is.EqualTo(["Error foo.csx: the id 'foo' is taken by 10-foo.csx. | Rename one of them."]));
    }

    [Test]
    public async Task A_folder_whose_DLL_has_another_name_is_an_error(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("Foo/Bar.dll", CompiledPlugin.Starting("Bar", ""));

        var found = await checkup.FindAsync();

        Assert.That(found, Is.EqualTo([
            "Error Foo: this folder has no Foo.dll. | A plugin's folder is named after its DLL; a folder that is no "
                + "plugin begins with '_'."]));
    }

    [TestCase("notes.txt", "Error notes.txt: this is no plugin. | ")]
    [TestCase("_words.csx", "Error _words.csx: it is ignored: its name, or its folder's, begins with '_' or '.'")]
    public async Task What_the_host_would_not_look_at_is_an_error(
        string name, string finding, CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write(name, Good);

        Assert.That(await checkup.FindAsync(name), Has.One.StartsWith(finding));
    }

    [Test]
    public async Task A_folder_without_plugins_is_an_error(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("notes.txt", "");

        var report = await checkup.CheckAsync();

        Assert.That(report.HasErrors);
        Assert.That(report.Findings.Single().Problem, Is.EqualTo(
            "there is no plugin in this folder, so there is nothing to check."));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task A_folder_with_nothing_but_a_link_is_an_error(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken);
        File.CreateSymbolicLink(checkup.Drop("linked.csx"), "/nowhere/linked.csx");

        Assert.That((await checkup.CheckAsync()).HasErrors);
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task A_file_whose_name_cannot_be_an_id_is_an_error_that_says_why(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("what?.csx", Good).Write("other.csx", Good);

        Assert.That(await checkup.FindAsync("what?.csx"), Has.One.StartsWith("Error what?.csx: a plugin's name has ")
            .And.One.EndsWith("| Rename it."));
    }

    [Test]
    public void Nothing_at_all_is_an_exception(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken);

        Assert.That(
            () => checkup.CheckAsync("nothing.csx"),
            Throws.TypeOf<FileNotFoundException>().With.Message.StartsWith("There is no file or folder "));
    }

    [Test]
    public async Task A_DLL_is_checked_with_all_of_its_folder(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).WriteTestPlugin("UsesLibrary1");

        var report = await checkup.CheckAsync("UsesLibrary1", "UsesLibrary1.dll");

        Assert.That(report.Findings, Is.Empty);
        Assert.That(report.Checked, Is.EqualTo(["UsesLibrary1.dll"]));
    }

    [Test]
    public async Task A_library_that_a_script_refers_to_is_not_taken_for_a_plugin(CancellationToken cancellationToken)
    {
        var library = Path.Combine(RepositoryFiles.TestPlugin("Library1"), "Shared.Library.dll");
        using var checkup = new Checkup(cancellationToken)
            .Write("Shared.Library.dll", File.ReadAllBytes(library)).Write("refers.csx", """
            #r "Shared.Library.dll"
            OnMessage(m => Rewrite(Shared.Library.Greeting.Text));
            """);

        var report = await checkup.CheckAsync();

        Assert.That(report.Findings, Is.Empty);
        Assert.That(report.Checked, Is.EqualTo(["refers.csx"]));
        Assert.That(report.DryRun!.Sent, Is.EqualTo(["one"]));
    }
}
