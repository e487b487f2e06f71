using Chat.PluginHost.Doctor;

namespace Chat.PluginHost.Tests.Doctor;

/// <summary>Scripts and settings that are not in order, and files that are huge, linked or open to others.</summary>
[CancelAfter(60000)]
public sealed class FileCheckTests
{
    private const string Good = "OnMessage(m => Pass);";

    [Test]
    public async Task Each_error_in_a_script_is_told_with_its_place(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("bad.csx", "OnMessage(m => Pas);\nint x = \"a\";");

        var found = await checkup.FindAsync("bad.csx");

        Assert.That(found, Has.Count.EqualTo(2));
        Assert.That(found[0], Does.StartWith("Error bad.csx:1:16: error CS0103: "));
        Assert.That(found[1], Does.StartWith("Error bad.csx:2:9: error CS0029: "));
    }

    [Test]
    public async Task Settings_that_are_no_JSON_are_told_with_their_place(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("good.csx", Good).Write(
            "good.json", "{\n  nonsense\n}");

        var found = await checkup.FindAsync("good.csx");

        Assert.That(found, Has.Count.EqualTo(1));
        Assert.That(found[0], Does.StartWith("Error good.json:2:3: this is not valid JSON: ").And.EndsWith(
            "| Correct the error at the location shown: a settings file is one JSON object, and may have comments and "
                + "trailing commas."));
    }

    [Test]
    public async Task A_file_that_is_too_large_to_be_loaded_is_an_error(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).WriteTestPlugin("BareHook");
        await using (var file = File.Create(checkup.Drop("BareHook", "data.bin")))
            file.SetLength(65 * 1024 * 1024);

        Assert.That(await checkup.FindAsync("BareHook"), Is.EqualTo([
            "Error BareHook.dll: data.bin is larger than 64 MiB, which is as much as a plugin's file may have. | Keep "
                + "its data elsewhere."]));
    }

    [Test]
    public async Task A_script_that_is_too_large_to_be_loaded_is_an_error(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("long.csx", $"// {new string('x', 600 * 1024)}");

        Assert.That(await checkup.FindAsync("long.csx"), Has.Some.StartsWith(
            "Error long.csx: it is larger than 512 KiB, which is as much as a script may have."));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Links_that_lead_outside_are_told_as_the_server_tells_them(CancellationToken cancellationToken)
    {
        using var aside = new TemporaryFolder();
        File.WriteAllText(Path.Combine(aside.Path, "far.csx"), Good);
        using var checkup = new Checkup(cancellationToken).WriteTestPlugin("BareHook");
        File.CreateSymbolicLink(checkup.Drop("BareHook", "extra.dll"), "/nowhere/extra.dll");
        Directory.CreateSymbolicLink(checkup.Drop("BareHook", "more"), aside.Path);
        File.CreateSymbolicLink(checkup.Drop("far.csx"), Path.Combine(aside.Path, "far.csx"));
        var far = $"Error far.csx: this is a link to {aside.Path}/far.csx, which is not inside the plugin folder, so "
            + "it is not followed. "
            + "| Copy the target into the plugin folder, or allow such links (AllowOutsideLinks).";

        var found = await checkup.FindAsync();

        Assert.That(
            found,
            Has.One.EqualTo("Warning extra.dll: this is a link to /nowhere/extra.dll, which does not exist. | "));
        Assert.That(found, Has.One.StartsWith(
            $"Warning more: this is a link to the folder {aside.Path}, which is not followed inside a plugin's "
                + "folder. | "));
        Assert.That(found, Has.One.EqualTo(far));
        Assert.That(found, Has.Count.EqualTo(3));
        Assert.That(await checkup.FindAsync("far.csx"), Is.EqualTo([far]));
    }

    [Test]
    [Platform("Linux,MacOsX")]
    public async Task Links_inside_the_folder_are_followed_and_others_if_they_are_allowed(
        CancellationToken cancellationToken)
    {
        using var aside = new TemporaryFolder();
        File.WriteAllText(Path.Combine(aside.Path, "far.csx"), Good);
        using var checkup = new Checkup(cancellationToken)
        {
            Doctor = new PluginDoctor { AllowOutsideLinks = true, StartTimeout = TimeSpan.FromSeconds(25) },
        };
        checkup.Write("_aside/near.csx", Good);
        File.CreateSymbolicLink(checkup.Drop("near.csx"), checkup.Drop("_aside", "near.csx"));
        File.CreateSymbolicLink(checkup.Drop("far.csx"), Path.Combine(aside.Path, "far.csx"));

        var report = await checkup.CheckAsync();

        Assert.That(report.Findings, Is.Empty);
        Assert.That(report.DryRun!.Plugins.Select(plugin => plugin.Id), Is.EqualTo(["far", "near"]));
        var near = await new PluginDoctor().CheckAsync(checkup.Drop("near.csx"), cancellationToken);
        Assert.That(near.Findings, Is.Empty);
    }

    [Test]
    [Platform("Linux,MacOsX")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task Files_and_folders_that_others_can_write_to_are_told(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("open.csx", Good).Write("shared.csx", Good);
        File.SetUnixFileMode(checkup.Drop("open.csx"), (UnixFileMode)0b110_100_110);
        File.SetUnixFileMode(checkup.Drop("shared.csx"), (UnixFileMode)0b110_110_100);
        File.SetUnixFileMode(checkup.Drop(), (UnixFileMode)0b111_111_111);

        var found = await checkup.FindAsync();

        Assert.That(found, Has.One.EqualTo(
            "Error open.csx: everyone on this machine can write to this file, and so run code as the server (mode "
                + $"646). | chmod o-w {checkup.Drop("open.csx")}"));
        Assert.That(found, Has.One.EqualTo(
            "Warning shared.csx: everyone in its group can write to this file, and so run code as the server (mode "
                + $"664). | chmod g-w {checkup.Drop("shared.csx")}"));
        Assert.That(found, Has.One.EqualTo(
            $"Error {Path.GetFileName(checkup.Drop())}/: everyone on this machine can write to this folder, and so run "
                + $"code as the server (mode 777). | chmod o-w {checkup.Drop()}"));
        Assert.That(found, Has.Count.EqualTo(3));
    }

    [Test]
    [Platform("Linux")]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_file_of_another_user_is_a_warning(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("theirs.csx", Good);
        if (chown(checkup.Drop("theirs.csx"), 12345, 12345) != 0)
            Assert.Ignore("Only root can give a file away.");

        var found = await checkup.FindAsync("theirs.csx");

        Assert.That(found, Has.Count.EqualTo(1));
        Assert.That(found[0], Does.StartWith(
            "Warning theirs.csx: this file belongs to another user (12345) than the one who checks it (0)"));
    }

    [System.Runtime.InteropServices.DllImport("libc", BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern int chown([System.Runtime.InteropServices.MarshalAs(
        System.Runtime.InteropServices.UnmanagedType.LPUTF8Str)] string path, uint owner, uint group);
}
