using System.Reflection.Metadata;
using System.Security.Cryptography;
using Chat.Engine.Diagnostics;

namespace Chat.PluginHost.Tests.Compiling;

/// <summary>Whatever is woven in, people are told the places of what they wrote.</summary>
[CancelAfter(30000)]
public sealed class InstrumentedPlacesTests
{
    [Test]
    public void Errors_have_the_line_and_column_that_was_written()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "main.csx");
        File.WriteAllText(file, "while (true) { while (true) { nonsense(); } }\nint F() => 1 +  Missing;\n");

        var compiled = RunningScript.Compile(file);

        Assert.That(compiled.Errors.Select(error => error.ToString()), Is.EqualTo(new[]
        {
            "main.csx:1:31: error CS0103: The name 'nonsense' does not exist in the current context",
            "main.csx:2:17: error CS0103: The name 'Missing' does not exist in the current context",
        }));
    }

    [Test]
    public async Task An_exception_has_the_line_that_was_written_on_each_line()
    {
        using var running = await RunningScript.StartAsync("""
            Action<int> run = at =>
            {
                for (var n = 0; n < 1; n++)
                {
                    if (at == 5) Throw(5); else while (at == 6) Throw(6);
                    if (at == 6) Throw(7);
                    Expression(at == 7);
                }
                do
                    if (at == 10) Throw(10);
                while (at == 11 && Fails());
            };
            void Throw(int n) => throw new InvalidOperationException(n.ToString());
            bool Fails() => throw new InvalidOperationException();
            int Expression(bool fails) =>
                fails ? int.Parse("none") : 1;
            run
            """);
        var run = (Action<int>)running.Result;

        Assert.That(Lines(() => run(5)), Is.EqualTo("13 5"));
        Assert.That(Lines(() => run(6)), Is.EqualTo("13 5"));
        Assert.That(Lines(() => run(7)), Is.EqualTo("16 7"));
        Assert.That(Lines(() => run(10)), Is.EqualTo("13 10"));
        Assert.That(Lines(() => run(11)), Is.EqualTo("14 11"));
    }

    [TestCase("list.First();", "list.First(n => n > 0);", "list.Single();")]
    [TestCase("list[5].ToString();", "text.Substring(9);", "((int?)null).Value.ToString();")]
    [TestCase("array[5] = 1;", "array[6] = 1;", "array[7] = 1;")]
    [TestCase(
        "checked(int.MaxValue + array.Length).ToString();",
        "checked(int.MaxValue + text.Length).ToString();",
        "text[7].ToString();")]
    public async Task An_exception_out_of_what_the_runtime_would_inline_or_merge_has_its_own_line(
        string first, string second, string third)
    {
        using var running = await RunningScript.StartAsync($$"""
            Action<int> run = at =>
            {
                var list = new List<int>();
                var array = new int[1];
                var text = "ab";
                if (at == 1)
                    {{first}}
                if (at == 2)
                    {{second}}
                if (at == 3)
                    {{third}}
            };
            run
            """);
        var run = (Action<int>)running.Result;

        var places = Enumerable.Range(1, 3).Select(at => ExceptionText.PlaceOf(Assert.Catch(() => run(at))!));

        Assert.That(places, Is.EqualTo(new[] { "main.csx:7", "main.csx:9", "main.csx:11" }));
    }

    [Test]
    public async Task What_stands_on_one_line_is_not_taken_for_the_line_that_calls_it()
    {
        using var running = await RunningScript.StartAsync("""
            string Last(List<string> list) => list.Last();
            Action run = () =>
                Last(new List<string>());
            run
            """);

        var thrown = Assert.Catch(() => ((Action)running.Result)());

        Assert.That(ExceptionText.PlaceOf(thrown!), Is.EqualTo("main.csx:1"));
    }

    [Test]
    public async Task An_exception_in_a_loaded_file_has_its_name_and_line()
    {
        using var running = await RunningScript.StartAsync(
            "#load \"_lib.csx\"\nAction run = () => Lib(\"none\");\nrun", (
                "_lib.csx",
                "// a line before\nint Lib(string text)\n{\n    while (true)\n        return int.Parse(text);\n}"));

        var thrown = Assert.Catch(() => ((Action)running.Result)());

        Assert.That(ExceptionText.Describe(thrown!), Does.StartWith("_lib.csx:5: FormatException: "));
    }

    [Test]
    public async Task Debuggers_take_the_files_for_what_was_compiled()
    {
        using var running = await RunningScript.StartAsync(
            "#load \"_lib.csx\"\nLib()", ("_lib.csx", "int Lib() { while (true) return 1; }"));
        using var symbols = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(running.Compiled.Symbols));
        var reader = symbols.GetMetadataReader();

        var documents = reader.Documents.Select(reader.GetDocument)
            .ToDictionary(document => reader.GetString(document.Name), document => reader.GetBlobBytes(document.Hash));

        Assert.That(documents.Keys.Select(Path.GetFileName), Is.EquivalentTo(new[] { "main.csx", "_lib.csx" }));
        foreach (var (file, hash) in documents)
            Assert.That(hash, Is.EqualTo(SHA256.HashData(File.ReadAllBytes(file))));
    }

    [Test]
    public async Task A_script_the_checks_do_not_fit_into_runs_without_them_and_the_log_says_so(
        CancellationToken cancellationToken)
    {
        await using var chat = await new PluginChat(cancellationToken).StartAsync();

        await chat.SaveAsync("main.csx", "class __ChatStop { }\nOnMessage(m => Rewrite(m.Text + \"!\"));");

        Assert.That(await chat.TypeAsync("x"), Is.EqualTo("<ann> x!"));
        Assert.That(chat.Log.Lines.All, Has.One.Matches(
            @"^Warning: main\.csx: it runs, but cannot be stopped when it does not come back: .*error CS\d+"));
    }

    /// <summary>The lines of the script in a stack trace, from the inside out.</summary>
    private static string Lines(Action run) =>
        string.Join(' ', System.Text.RegularExpressions.Regex.Matches(
            Assert.Catch(run)!.StackTrace!, @"main\.csx:line (\d+)").Select(match => match.Groups[1].Value));
}
