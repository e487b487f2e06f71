namespace Chat.Architecture.Tests;

/// <summary>Which part of the engine may know of which other.</summary>
internal sealed class KnowledgeTests
{
    /// <summary>From the bottom up: a folder may use those before it. Those on one line do not use each
    /// other.</summary>
    private static readonly string[][] _layers =
    [
        ["Scheduling"],
        ["Diagnostics"],
        ["Connections", "Protocols", "Isolation.Targets"],
        ["Rooms", "Isolation.Profiling"],
        ["Isolation", "Backplane"],
        ["Tracing"],
        ["Commands", "Hooks", "Observers"],
        ["Registrations", "Outbound"],
        ["Sessions.Phases"],
        ["Sessions"],
        ["Inbound", "BuiltIn"],
        ["Hosting"],
        [""],
    ];

    [Test]
    public void A_part_of_the_engine_uses_only_those_below_it()
    {
        var engine = new FolderGraph("Chat.Engine");
        var below = new HashSet<string>();
        var wrong = new List<string>();
        foreach (var layer in _layers)
        {
            wrong.AddRange(
                from folder in layer
                from used in engine.UsesOf(folder)
                where !below.Contains(used)
                select $"{folder} -> {used}");
            below.UnionWith(layer);
        }

        Assert.That(wrong, Is.Empty);
        Assert.That(engine.Folders, Is.EquivalentTo(below));
    }

    [TestCase("Rooms", "Chat.Connections", "TextProtocol")]
    [TestCase("Connections", "Chat.Plugins")]
    [TestCase("Hooks", "System.Runtime.Loader", "System.IO")]
    [TestCase("Commands", "System.Runtime.Loader", "System.IO")]
    [TestCase("Sessions", "TextProtocol", "System.Net", "Chat.Plugins")]
    public void A_part_of_the_engine_does_not_know(string part, params string[] others)
    {
        Assert.That(Source.LinesWith(Source.Files("src", "Chat.Engine", part), others), Is.Empty);
    }

    [Test]
    public void Only_one_place_enters_a_lease()
    {
        var elsewhere =
            Source.Files("src").Where(file => !file.EndsWith("/Isolation/PluginCall.cs", StringComparison.Ordinal));

        Assert.That(Source.LinesWith(elsewhere, "lease.Enter(", "lease.Exit("), Is.Empty);
    }

    [Test]
    public void The_plugin_host_knows_no_transport_and_no_session()
    {
        Assert.That(
            Source.LinesWith(
                Source.Files("src", "Chat.PluginHost"),
                "Chat.Transport",
                "Chat.Connections",
                "Chat.Engine.Sessions",
                "Chat.Engine.Rooms"),
            Is.Empty);
    }

    [Test]
    public void Only_the_loader_knows_load_contexts()
    {
        var elsewhere = Source.Files("src").Where(file => !file.Contains("/Loading/", StringComparison.Ordinal));

        Assert.That(Source.LinesWith(elsewhere, "AssemblyLoadContext", "System.Runtime.Loader"), Is.Empty);
    }

    [Test]
    public void Only_the_loader_knows_the_package_that_loads_plugins()
    {
        var elsewhere = Source.Files("src").Where(file => !file.Contains("/Loading/", StringComparison.Ordinal));

        Assert.That(Source.LinesWith(elsewhere, "McMaster.NETCore"), Is.Empty);
    }

    [Test]
    public void Only_the_compiler_knows_Roslyn()
    {
        var elsewhere = Source.Files("src").Where(file => !file.Contains("/Compiling/", StringComparison.Ordinal));

        Assert.That(Source.LinesWith(elsewhere, "Microsoft.CodeAnalysis"), Is.Empty);
    }

    [Test]
    public void There_is_no_static_state_in_the_libraries()
    {
        var libraries = Source.Files("src").Where(file => !file.Contains("/Chat.Server/", StringComparison.Ordinal));
        var fields = Source.LinesWith(libraries, "private static", "internal static", "public static")
            .Where(line => !line.Contains("[ThreadStatic]", StringComparison.Ordinal))
            .Where(line => System.Text.RegularExpressions.Regex.IsMatch(
                line, @"static (?!readonly|partial|async|implicit|class|void)[\w<>\[\]?,]+ _\w+"));

        Assert.That(fields, Is.Empty);
    }

    [Test]
    public void Every_project_says_in_a_README_what_it_is()
    {
        Assert.That(
            Directory.EnumerateDirectories(Path.Combine(Source.Root, "src"))
                .Where(project => !File.Exists(Path.Combine(project, "README.md"))),
            Is.Empty);
    }
}
