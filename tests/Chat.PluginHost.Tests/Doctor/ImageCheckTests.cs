using System.Reflection.PortableExecutable;

namespace Chat.PluginHost.Tests.Doctor;

[CancelAfter(60000)]
public sealed class ImageCheckTests
{
    private static readonly byte[] _good = CompiledPlugin.Starting("Image", "");

    private static IEnumerable<TestCaseData> Bad()
    {
        yield return new TestCaseData(
            "This is not a DLL."u8.ToArray(), "this is not a .NET assembly, or only a part of one (18 bytes).")
            .SetArgDisplayNames("a text file");
        yield return new TestCaseData(
            _good[..(_good.Length / 2)],
            $"this is not a .NET assembly, or only a part of one ({_good.Length / 2} bytes).")
            .SetArgDisplayNames("half a DLL");
        yield return new TestCaseData(Array.Empty<byte>(), "the file is empty, or is no file but a pipe or a device.")
            .SetArgDisplayNames("an empty file");
        yield return new TestCaseData(Native(), "this is a native library, not a .NET assembly.").SetArgDisplayNames(
            "a native library");
    }

    [TestCaseSource(nameof(Bad))]
    public async Task A_file_that_is_no_assembly_is_one_error_that_says_what_it_is(
        byte[] dll, string problem, CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).Write("Image.dll", dll);

        var found = await checkup.FindAsync("Image.dll");

        Assert.That(found, Has.Count.EqualTo(1));
        Assert.That(found[0], Does.StartWith($"Error Image.dll: {problem} | "));
    }

    [Test]
    public async Task A_damaged_list_of_dependencies_is_named_with_its_line(CancellationToken cancellationToken)
    {
        using var checkup = new Checkup(cancellationToken).WriteTestPlugin("UsesLibrary1").Write(
            "UsesLibrary1/UsesLibrary1.deps.json", "{\n this is not JSON");

        var found = await checkup.FindAsync("UsesLibrary1");

        Assert.That(found, Has.Exactly(1).StartsWith(
            "Error UsesLibrary1.deps.json: this is not valid JSON (line 2). | Copy the plugin's whole output "
                + "folder again"));
        Assert.That(found, Has.Count.EqualTo(1));
    }

    /// <summary>The same file without its .NET header: what any native DLL looks like.</summary>
    private static byte[] Native()
    {
        var native = (byte[])_good.Clone();
        using var image = new PEReader(new MemoryStream(_good));
        var directories = image.PEHeaders.PEHeaderStartOffset
            + (image.PEHeaders.PEHeader!.Magic == PEMagic.PE32Plus ? 112 : 96);
        native.AsSpan(directories + (14 * 8), 8).Clear();
        return native;
    }
}
