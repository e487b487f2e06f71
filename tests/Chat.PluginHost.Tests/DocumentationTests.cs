using Chat.PluginHost.Compiling;

namespace Chat.PluginHost.Tests;

/// <summary>What docs/plugins.md shows is what works.</summary>
public sealed class DocumentationTests
{
    [Test]
    public void Every_example_of_a_script_compiles()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "example.csx");
        var compiler = new ScriptCompiler(cache: null);
        List<string> errors = [];

        foreach (var example in Examples())
        {
            File.WriteAllText(file, example);
            errors.AddRange(compiler.Compile(file, "example", Path.GetFileName, CancellationToken.None).Errors.Select(error => $"{error}\n{example}"));
        }

        Assert.That(errors, Is.Empty);
    }

    /// <summary>All but what is a class of a DLL or refers to other files.</summary>
    private static IEnumerable<string> Examples()
    {
        var parts = File.ReadAllText(RepositoryFiles.At("docs/plugins.md")).Split("```csharp\n").Skip(1).Select(part => part.Split("```")[0]).ToList();
        Assert.That(parts, Has.Count.GreaterThan(10));
        return parts.Where(part => !part.Contains("#load", StringComparison.Ordinal) && !part.Contains("public sealed class", StringComparison.Ordinal));
    }
}
