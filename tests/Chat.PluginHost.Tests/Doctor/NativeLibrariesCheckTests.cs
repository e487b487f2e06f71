using System.Runtime.InteropServices;

namespace Chat.PluginHost.Tests.Doctor;

[CancelAfter(60000)]
[Platform("Linux")]
public sealed class NativeLibrariesCheckTests
{
    private static byte[] Calling(string library) => CompiledPlugin.Starting(
        "Calls", "", $$"""[System.Runtime.InteropServices.DllImport("{{library}}")] static extern int Anything();""");

    [Test]
    public async Task A_library_that_is_not_there_is_named_with_every_path_it_was_looked_for_at(
        CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("Calls/Calls.dll", Calling("private"));

        var found = await checkup.FindAsync("Calls");

        Assert.That(found, Has.Count.EqualTo(1));
        Assert.That(found[0], Does.StartWith(
            $"Error Calls.dll: it calls the native library private, which is not there. Looked "
                + $"for {checkup.Drop("Calls", "libprivate.so")} and {checkup.Drop("Calls", "private.so")} and "));
    }

    [TestCase("libprivate.so")]
    [TestCase("private.so")]
    public async Task A_library_beside_the_plugin_is_found(string file, CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("Calls/Calls.dll", Calling("private")).Write(
            $"Calls/{file}", "its content is not looked at");

        Assert.That(await checkup.FindAsync("Calls"), Is.Empty);
    }

    [TestCase("libc")]
    [TestCase("kernel32.dll")]
    public async Task The_systems_own_libraries_are_left_alone(string library, CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("Calls/Calls.dll", Calling(library));

        Assert.That(await checkup.FindAsync("Calls"), Is.Empty);
    }

    [Test]
    public async Task A_native_library_of_the_deps_file_that_is_missing_for_this_machine_is_an_error(
        CancellationToken cancellationToken)
    {
        var here = $"linux-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        using var checkup = new Checkup(cancellationToken)
            .Write("Calls/Calls.dll", CompiledPlugin.Starting("Calls", "")).Write("Calls/Calls.deps.json", Deps(here));

        var found = await checkup.FindAsync("Calls");

        Assert.That(found, Has.One.EqualTo(
            $"Error Calls.deps.json: the native library of Private.Native/1.0.0 is missing. Looked "
                + $"for {checkup.Drop("Calls", "runtimes", here, "native", "libprivate.so")}. | Copy the plugin's "
                + $"whole output folder, with runtimes/ in it."));
    }

    [Test]
    public async Task A_package_with_native_libraries_for_other_machines_alone_is_a_warning(
        CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken)
            .Write("Calls/Calls.dll", CompiledPlugin.Starting("Calls", ""))
            .Write("Calls/Calls.deps.json", Deps("plan9-x64"))
            .Write("Calls/runtimes/plan9-x64/native/libprivate.so", "for another system");

        var found = await checkup.FindAsync("Calls");

        Assert.That(found, Has.One.StartsWith(
            "Warning Calls.deps.json: Private.Native/1.0.0 has native libraries for plan9-x64, but none for linux-"));
    }

    private static string Deps(string runtime) => $$"""
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" },
          "targets": { ".NETCoreApp,Version=v10.0": {
            "Calls/1.0.0": { "dependencies": { "Private.Native": "1.0.0" }, "runtime": { "Calls.dll": {} } },
            "Private.Native/1.0.0": { "runtimeTargets": { "runtimes/{{runtime}}/native/libprivate.so": {
              "rid": "{{runtime}}", "assetType": "native", "fileVersion": "0.0.0.0"
            } } }
          } },
          "libraries": {
            "Calls/1.0.0": { "type": "project", "serviceable": false, "sha512": "" },
            "Private.Native/1.0.0": { "type": "package", "serviceable": true, "sha512": "" }
          }
        }
        """;
}
