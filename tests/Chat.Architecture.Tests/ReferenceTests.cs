using System.Xml.Linq;

namespace Chat.Architecture.Tests;

/// <summary>References point one way: Abstractions, Engine, PluginHost, Server; adapters and what tests are made of
/// stand beside.</summary>
internal sealed class ReferenceTests
{
    [TestCase("Chat.Abstractions")]
    [TestCase("Chat.Engine", "Chat.Abstractions")]
    [TestCase("Chat.PluginHost", "Chat.Abstractions", "Chat.Engine")]
    [TestCase("Chat.Scenes", "Chat.Abstractions", "Chat.Engine", "Chat.PluginHost")]
    [TestCase("Chat.Testing", "Chat.Abstractions", "Chat.Engine", "Chat.Scenes")]
    [TestCase("Chat.Transport.Tcp", "Chat.Abstractions", "Chat.Engine")]
    [TestCase(
        "Chat.Server", "Chat.Engine", "Chat.Transport.Tcp", "Chat.PluginHost", "Chat.Scenes", "Emoji", "WordGuard")]
    public void A_project_refers_only_to_what_is_below_it(string project, params string[] allowed)
    {
        Assert.That(ProjectReferences("src", project).Except(allowed), Is.Empty);
    }

    [Test]
    public void Every_project_in_src_is_covered_here()
    {
        var covered = typeof(ReferenceTests).GetMethod(nameof(A_project_refers_only_to_what_is_below_it))!
            .GetCustomAttributes(typeof(TestCaseAttribute), false).Cast<TestCaseAttribute>()
            .Select(test => (string)test.Arguments[0]!);

        Assert.That(
            Directory.EnumerateDirectories(Path.Combine(Source.Root, "src")).Select(Path.GetFileName),
            Is.SubsetOf(covered));
    }

    [TestCase("Chat.Abstractions")]
    [TestCase("Chat.Engine")]
    [TestCase("Chat.Transport.Tcp")]
    public void The_engine_and_its_contract_are_NET_Standard(string project)
    {
        Assert.That(Project("src", project).Descendants("TargetFrameworks").Single().Value, Is.EqualTo(
            "netstandard2.0;net10.0"));
    }

    [TestCase("Chat.Abstractions")]
    [TestCase("Chat.Engine")]
    [TestCase("Chat.Transport.Tcp")]
    public void They_take_only_packages_of_the_platform(string project)
    {
        var packages = Project("src", project).Descendants("PackageReference")
            .Select(package => package.Attribute("Include")!.Value);

        Assert.That(packages, Has.All.Matches(
            "^(System\\.|Microsoft\\.Bcl\\.|Microsoft\\.Extensions\\.Logging\\.Abstractions$)"));
    }

    [Test]
    public void A_first_party_plugin_refers_to_the_contract_alone()
    {
        foreach (var plugin in Directory.EnumerateDirectories(Path.Combine(Source.Root, "plugins")).Where(
            folder => Directory.EnumerateFiles(folder, "*.csproj").Any()))
            Assert.That(ProjectReferences("plugins", Path.GetFileName(plugin)), Is.Empty);
    }

    private static XDocument Project(string folder, string name) =>
        XDocument.Load(Path.Combine(Source.Root, folder, name, $"{name}.csproj"));

    private static IEnumerable<string> ProjectReferences(string folder, string name) =>
        Project(folder, name).Descendants("ProjectReference")
            .Select(reference => reference.Attribute("Include")!.Value)
            .SelectMany(reference => reference.Contains("BundledPlugin", StringComparison.Ordinal)
                ? BundledPlugins(folder, name)
                : [Path.GetFileNameWithoutExtension(reference)]);

    private static IEnumerable<string> BundledPlugins(string folder, string name) =>
        Project(folder, name).Descendants("BundledPlugin")
            .SelectMany(plugins => plugins.Attribute("Include")!.Value.Split(';'));
}
