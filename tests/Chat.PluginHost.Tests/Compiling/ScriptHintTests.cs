using System.Text;

namespace Chat.PluginHost.Tests.Compiling;

/// <summary>Errors in scripts that would otherwise puzzle people.</summary>
public sealed class ScriptHintTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Main => Path.Combine(_folder.Path, "main.csx");

    public void Dispose() => _folder.Dispose();

    [TestCase("using var a = new MemoryStream();")]
    [TestCase("await using var a = new MemoryStream();")]
    public void F_using_var_at_the_top_level_is_explained(string script)
    {
        Assert.That(Errors(script), Has.Some.StartsWith("main.csx:1:").And.Some.Contains(
            "At the top level of a script there is no 'using var', since its variables live as long as the script: "
            + "write using (var … = …) { … }, or move it into a method."));
    }

    [Test]
    public void F_the_advice_for_using_var_works()
    {
        Assert.That(Errors(
            "using (var a = new MemoryStream()) { a.WriteByte(1); }\nvoid F() { using var b = new "
                + "MemoryStream(); }"), Is.Empty);
    }

    [TestCase("[GeneratedRegex(\"x\")] private static partial Regex X();")]
    [TestCase("partial class C { [GeneratedRegex(\"x\")] public static partial Regex X(); }")]
    [TestCase("partial class C { [GeneratedRegex(\"x\")] public static partial Regex X { get; } }")]
    public void F_a_source_generator_that_does_not_run_is_explained(string script)
    {
        Assert.That(Errors(script), Has.Some.StartsWith("main.csx:1:").And.Some.Contains(
            "Source generators do not run in scripts, so nothing implements [GeneratedRegex]: write the code by hand "
                + "(new Regex(…)), or build a DLL."));
    }

    [Test]
    public void F_other_source_generators_are_explained_too()
    {
        var errors = Errors(
            "using System.Text.Json.Serialization;\n[JsonSerializable(typeof(int))] partial class C : "
                + "JsonSerializerContext { }");

        Assert.That(errors, Has.Some.Contains(
            "Source generators do not run in scripts, so nothing implements [JsonSerializable]"));
    }

    [Test]
    public void F_a_script_that_is_not_UTF8_is_refused_with_the_place_of_the_first_wrong_byte()
    {
        File.WriteAllBytes(Main, Encoding.Latin1.GetBytes("// é\nOnMessage(m => Pass); // ok"));

        Assert.That(RunningScript.Compile(Main).Errors.Select(error => error.ToString()), Is.EqualTo(new[]
        {
            "main.csx:1:4: error: the byte 0xE9 here is not valid UTF-8: the file was saved in another encoding, such "
                + "as Windows-1252. Save it as UTF-8",
        }));
    }

    [Test]
    public void F_a_loaded_file_that_is_not_UTF8_is_refused_and_both_files_are_watched()
    {
        File.WriteAllBytes(Path.Combine(_folder.Path, "_words.csx"), Encoding.Latin1.GetBytes(
            "string A() => \"a\";\nstring Word() => \"caf\u00e9\";"));
        File.WriteAllText(Main, "#load \"_words.csx\"\nWord()");

        var compiled = RunningScript.Compile(Main);

        Assert.That(
            compiled.Errors.Single().ToString(),
            Does.StartWith("_words.csx:2:22: error: the byte 0xE9")
                .And.EndWith("Save it as UTF-8 (loaded by main.csx)"));
        Assert.That(compiled.Files.Select(Path.GetFileName), Is.EquivalentTo(new[] { "main.csx", "_words.csx" }));
    }

    [TestCase("utf-8")]
    [TestCase("utf-16")]
    [TestCase("utf-16BE")]
    public void F_a_script_with_a_byte_order_mark_is_read_as_it_says(string encoding)
    {
        File.WriteAllText(Main, "\"café €\"", Encoding.GetEncoding(encoding));

        Assert.That(RunningScript.Compile(Main).Errors, Is.Empty);
    }

    [Test]
    public void F_load_and_r_take_backslashes_on_every_system()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "_lib"));
        File.WriteAllText(Path.Combine(_folder.Path, "_lib", "words.csx"), "string Word() => \"word\";");
        var library = Path.Combine(_folder.Path, "_lib", "Shared.Library.dll");
        File.Copy(Path.Combine(RepositoryFiles.TestPlugin("Library1"), "Shared.Library.dll"), library);

        File.WriteAllText(
            Main, "#load \"_lib\\words.csx\"\n#r \"_lib\\Shared.Library.dll\"\nWord() + Shared.Library.Greeting.Text");

        var compiled = RunningScript.Compile(Main);
        Assert.That(compiled.Errors, Is.Empty);
        Assert.That(
            compiled.Files, Is.EquivalentTo(new[] { Main, library, Path.Combine(_folder.Path, "_lib", "words.csx") }));
        Assert.That(compiled.Libraries.Values, Is.EqualTo(new[] { library }));
    }

    private IReadOnlyList<string> Errors(string script)
    {
        File.WriteAllText(Main, script);
        return [.. RunningScript.Compile(Main).Errors.Select(error => error.ToString())];
    }
}
