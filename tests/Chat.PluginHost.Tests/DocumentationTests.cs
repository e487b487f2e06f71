using Chat.PluginHost.Compiling;

namespace Chat.PluginHost.Tests;

/// <summary>
/// The C# examples in the documents are scripts that compile, unless the line that begins them says what else they are:
/// a
/// <c>class</c> of a DLL, a whole <c>program</c>, or a <c>fragment</c>.
/// </summary>
public sealed class DocumentationTests
{
    private const string Script = "```csharp\n", End = "```";

    public static IEnumerable<string> Documents =>
        from file in Directory.EnumerateFiles(RepositoryFiles.At("docs"), "*.md", SearchOption.AllDirectories)
        where Examples(file).Any()
        select Path.GetRelativePath(RepositoryFiles.At("docs"), file);

    [TestCaseSource(nameof(Documents))]
    public void Every_example_of_a_script_compiles(string document)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "example.csx");
        var compiler = new ScriptCompiler(cache: null);
        List<string> errors = [];

        foreach (var example in Examples(RepositoryFiles.At(Path.Combine("docs", document))))
        {
            File.WriteAllText(file, example);
            var compiled = compiler.Compile(file, "example", Path.GetFileName, CancellationToken.None);
            errors.AddRange(compiled.Errors.Select(error => $"{error}\n{example}"));
        }

        Assert.That(errors, Is.Empty);
    }

    [Test]
    public void Everything_a_plugin_can_do_is_shown()
    {
        Assert.That(Examples(RepositoryFiles.At("docs/reference/plugin-context.md")).Count(), Is.GreaterThan(7));
    }

    private static IEnumerable<string> Examples(string file) =>
        File.ReadAllText(file).Split(Script).Skip(1).Select(part => part.Split(End)[0]);
}
