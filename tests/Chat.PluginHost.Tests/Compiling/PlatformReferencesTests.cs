using Chat.PluginHost.Compiling;
using Chat.PluginHost.Loading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Chat.PluginHost.Tests.Compiling;

/// <summary>A host published as one file has no folder with the runtime's assemblies.</summary>
public sealed class PlatformReferencesTests
{
    [TestCase("System.Security.Cryptography", "System.Security.Cryptography.SHA256")]
    [TestCase("System.Diagnostics.Process", "System.Diagnostics.Process")]
    [TestCase("System.Private.Xml.Linq", "System.Xml.Linq.XElement")]
    [TestCase("System.Threading.Channels", "System.Threading.Channels.Channel")]
    [TestCase("System.Runtime.Numerics", "System.Numerics.BigInteger")]
    [TestCase("System.Net.WebSockets.Client", "System.Net.WebSockets.ClientWebSocket")]
    [TestCase("System.IO.Compression", "System.IO.Compression.GZipStream")]
    [TestCase("System.Net.Http.Json", "System.Net.Http.Json.JsonContent")]
    public void F14_without_files_the_runtimes_assemblies_are_read_from_memory(string assembly, string type)
    {
        var reference = new PlatformReferences(folder: null).Find(assembly);

        Assert.That(reference, Is.Not.Null);
        Assert.That(CSharpCompilation.Create("any", references: [reference!]).GetTypeByMetadataName(type), Is.Not.Null);
    }

    [Test]
    public void F14_without_files_a_script_can_still_name_an_assembly_of_the_runtime()
    {
        using var folder = new TemporaryFolder();
        var libraries = new ScriptLibraries(folder.Path, new PlatformReferences(folder: null));

        Assert.That(
            libraries.ResolveReference("System.Threading.Channels", null, MetadataReferenceProperties.Assembly),
            Has.Length.EqualTo(1));
        Assert.That(libraries.ResolveReference("No.Such", null, MetadataReferenceProperties.Assembly), Is.Empty);
    }

    [TestCase("System.Text.RegularExpressions")]
    [TestCase("System.Private.Xml")]
    [TestCase("netstandard")]
    [TestCase("mscorlib")]
    [TestCase("Microsoft.CSharp")]
    [TestCase("Chat.Abstractions")]
    public void F14_the_frameworks_assemblies_are_known_by_name_without_their_files(string name) =>
        Assert.That(HostAssemblies.Contains(name), Is.True);

    [Test]
    public void F14_every_assembly_of_this_runtime_is_known()
    {
        var here = Directory.EnumerateFiles(HostAssemblies.FrameworkFolder!, "*.dll")
            .Select(file => Path.GetFileNameWithoutExtension(file));

        Assert.That(here.Where(name => !HostAssemblies.Contains(name)), Is.Empty);
    }

    [TestCase("Chat.Engine", true)]
    [TestCase("Microsoft.Extensions.Logging.Abstractions", true)]
    [TestCase("No.Such", false)]
    public void F14_what_the_host_has_beside_the_framework_is_known(string name, bool has)
    {
        Assert.That(HostAssemblies.HasCopyOf(name), Is.EqualTo(has));
        Assert.That(BundledAssemblies.Find(name) is not null, Is.EqualTo(has));
        Assert.That(HostAssemblies.Contains("Chat.Engine"), Is.False, "a plugin may bring it");
    }
}
