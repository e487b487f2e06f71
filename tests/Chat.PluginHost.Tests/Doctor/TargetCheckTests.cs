using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;

namespace Chat.PluginHost.Tests.Doctor;

[CancelAfter(60000)]
public sealed class TargetCheckTests
{
    private static readonly string _here = $"this host runs on .NET {Environment.Version.Major}";

    [TestCase(".NETFramework,Version=v4.8", "it was built for .NET Framework 4.8, but ")]
    [TestCase(".NETCoreApp,Version=v99.0", "it was built for .NET 99, but ")]
    public async Task A_framework_that_the_host_is_not_is_an_error(
        string framework, string problem, CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("Target.dll", For(framework));

        var found = await checkup.FindAsync("Target.dll");

        Assert.That(found, Has.One.StartsWith($"Error Target.dll: {problem}{_here}. | Build it for net"));
    }

    [TestCase(".NETCoreApp,Version=v8.0")]
    [TestCase(".NETStandard,Version=v2.0")]
    public async Task An_older_framework_and_NET_Standard_are_fine(
        string framework, CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("Target.dll", For(framework));

        Assert.That(await checkup.FindAsync("Target.dll"), Is.Empty);
    }

    [Test]
    public async Task Another_processor_is_an_error(CancellationToken cancellationToken)
    {
        var (machine, name) = RuntimeInformation.ProcessArchitecture == Architecture.Arm64
            ? (Machine.Amd64, "X64")
            : (Machine.Arm64, "Arm64");
        var dll = CompiledPlugin.Starting("Target", "");
        using (var image = new PEReader(new MemoryStream(dll)))
            BinaryPrimitives.WriteUInt16LittleEndian(
                dll.AsSpan(image.PEHeaders.CoffHeaderStartOffset), (ushort)machine);
        using var checkup = new Checkup(cancellationToken).Write("Target.dll", dll);

        var found = await checkup.FindAsync("Target.dll");

        Assert.That(found, Is.EqualTo([
            $"Error Target.dll: it was built for {name}, but this host runs "
                + $"on {RuntimeInformation.ProcessArchitecture}. | Build it for any processor (PlatformTarget "
                + "AnyCPU)."]));
    }

    private static byte[] For(string framework) => CompiledPlugin.Compile(
        "Target",
        $$"""
        [assembly: System.Runtime.Versioning.TargetFramework("{{framework}}")]
        public class ThePlugin : Chat.Plugins.IChatPlugin
        {
            public System.Threading.Tasks.ValueTask StartAsync(
                Chat.Plugins.IPluginContext context, System.Threading.CancellationToken token) => default;
        }
        """,
        CompiledPlugin.Contract);
}
