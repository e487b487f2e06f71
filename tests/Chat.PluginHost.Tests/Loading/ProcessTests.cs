using System.Diagnostics;
using Microsoft.CodeAnalysis;

namespace Chat.PluginHost.Tests.Loading;

/// <summary>Sharing as it is without a test runner, which has a handler for missing assemblies of its own.</summary>
[CancelAfter(60000)]
public sealed class ProcessTests
{
    [Test]
    public async Task A_library_built_for_a_newer_contract_gets_the_hosts_and_not_a_copy_beside_it(
        CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var foo = Directory.CreateDirectory(Path.Combine(folder.Path, "Foo")).FullName;
        var newer = CompiledPlugin.Compile("Chat.Abstractions", """
            [assembly: System.Reflection.AssemblyVersion("99.0.0.0")]
            namespace Chat.Plugins { public interface IChatPlugin { } }
            """);
        var library = CompiledPlugin.Compile(
            "Lib",
            "public static class Lib { public static System.Type Contract => typeof(Chat.Plugins.IChatPlugin); }",
            MetadataReference.CreateFromImage(newer));
        File.WriteAllBytes(Path.Combine(foo, "Chat.Abstractions.dll"), newer);
        File.WriteAllBytes(Path.Combine(foo, "Lib.dll"), library);
        File.WriteAllBytes(Path.Combine(foo, "Foo.dll"), CompiledPlugin.Compile(
            "Foo",
            """
            using System.Threading; using System.Threading.Tasks; using Chat.Plugins;
            public sealed class ThePlugin : IChatPlugin
            {
                public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken) =>
                    throw new System.InvalidOperationException($"one contract: {Lib.Contract == typeof(IChatPlugin)}");
            }
            """,
            CompiledPlugin.Contract,
            MetadataReference.CreateFromImage(library)));

        var output = await CheckAsync(foo, cancellationToken);

        Assert.That(output, Does.Contain("one contract: True"));
    }

    private static async Task<string> CheckAsync(string plugin, CancellationToken cancellationToken)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [RepositoryFiles.HostAlone, plugin])
        {
            RedirectStandardOutput = true,
        })!;
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return output;
    }
}
