using Chat.Scenes.Language;

namespace Chat.Scenes.Tests.Language;

public sealed class SceneParserTests
{
    [Test]
    public void Steps_are_read_with_their_lines()
    {
        var scene = Parse("""
            # a note

            ann comes
              ann says hello there
            ann says
            ann leaves
            ann sees nothing
            after 5 minutes
            file shout.csx is OnMessage(m => Pass);
            file shout.csx is gone
            """);

        Assert.That(scene.Problems, Is.Empty);
        Assert.That(scene.Steps, Has.Count.EqualTo(8));
        Assert.That(scene.Steps[0], Is.EqualTo(new Comes(3, "ann")));
        Assert.That(
            scene.Steps[1],
            Is.InstanceOf<Says>().With.Property("Line").EqualTo(4).And.Property("Texts").EqualTo(
                new[] { "hello there" }));
        Assert.That(scene.Steps[2], Is.InstanceOf<Says>().With.Property("Texts").EqualTo(new[] { "" }));
        Assert.That(scene.Steps.Skip(3), Is.EqualTo(new SceneStep[]
        {
            new Leaves(6, "ann"),
            new SeesNothing(7, "ann"),
            new TimePasses(8, TimeSpan.FromMinutes(5)),
            new FileChanges(9, "shout.csx", "OnMessage(m => Pass);\n"),
            new FileChanges(10, "shout.csx", null),
        }));
    }

    [Test]
    public void Lines_with_a_bar_belong_to_the_line_above_as_they_are()
    {
        var scene = Parse("""
            ann says
            | one
            |   two
            ann sees ...
            | <ann> one
            file a/b.csx is
            | // first

            ann sees
              |nothing
            """);

        Assert.That(scene.Problems, Is.Empty);
        Assert.That(((Says)scene.Steps[0]).Texts, Is.EqualTo(new[] { "one", "  two" }));
        Assert.That(((Sees)scene.Steps[1]).ReadsOn, Is.True);
        Assert.That(((Sees)scene.Steps[1]).Patterns.Select(pattern => $"{pattern}"), Is.EqualTo(new[] { "<ann> one" }));
        Assert.That(scene.Steps[2], Is.EqualTo(new FileChanges(6, "a/b.csx", "// first\n")));
        Assert.That(((Sees)scene.Steps[3]).Patterns.Select(pattern => $"{pattern}"), Is.EqualTo(new[] { "nothing" }));
    }

    [Test]
    public void The_head_is_read()
    {
        var scene = Parse("""
            plugins: 10-shout.csx, Emoji
            setting: Hooks:x:Enabled=false
            setting Chat:Name=A b
            clock: 2030-12-31 23:59
            ann comes
            """);

        Assert.That(scene.Problems, Is.Empty);
        Assert.That(scene.Header.Plugins, Is.EqualTo(new[] { "10-shout.csx", "Emoji" }));
        Assert.That(
            scene.Header.Settings,
            Is.EqualTo(
                new[] { new SceneSetting(2, "Hooks:x:Enabled", "false"), new SceneSetting(3, "Chat:Name", "A b") }));
        Assert.That(scene.Header.Clock, Is.EqualTo(new DateTimeOffset(2030, 12, 31, 23, 59, 0, TimeSpan.Zero)));
        Assert.That(Parse("plugins: none\nann comes\n").Header.Plugins, Is.Empty);
    }

    [Test]
    public void Line_ends_and_marks_of_other_systems_make_no_difference()
    {
        var scene = Parse("\uFEFFann says one\r\nann sees\r\n| <ann> one\r\n");

        Assert.That(scene.Problems, Is.Empty);
        Assert.That(((Says)scene.Steps[0]).Texts, Is.EqualTo(new[] { "one" }));
        Assert.That(((Sees)scene.Steps[1]).Patterns.Single().Matches("<ann> one"), Is.True);
    }

    [TestCase("ann sez hi", "I do not understand \"ann sez hi\". A line is: WHO says TEXT, WHO sees TEXT, ")]
    [TestCase("ann say hi", "I do not understand \"ann say hi\". Did you mean says? A line is: ")]
    [TestCase("ann", "I do not understand \"ann\". ")]
    [TestCase("| hi", "there is no line above to which the lines with | could belong.")]
    [TestCase(
        "ann sees", "what does ann see? Write it after sees, or below with | before each line; or ann sees nothing")]
    [TestCase("ann sees ...", "what does ann see?")]
    [TestCase("ann says hi\n| there", "write what ann says either after says or below it, not both.")]
    [TestCase("ann comes in", "nothing follows ann comes.")]
    [TestCase("after a while", "\"a while\" is not a time to wait. Write after 5 minutes,")]
    [TestCase("after 5 minutes\n| x", "after has no lines with | below it.")]
    [TestCase("file a.csx is", "what is in the file? Write it below, with | before each line; or file a.csx is gone")]
    [TestCase("file a.csx is x\n| y", "write the content of the file either after is or below it, not both.")]
    [TestCase("file ../a.csx is x", "../a.csx is not a file in the plugin folder: write its path in that folder.")]
    [TestCase("file /etc/a.csx is x", "/etc/a.csx is not a file in the plugin folder")]
    [TestCase("plugins:", "which plugins? Write plugins: greeter.csx WordGuard, or plugins: none")]
    [TestCase("clock: noon", "what time is it? Write clock: 2030-12-31 23:59")]
    [TestCase("setting: x", "write a setting as setting: Hooks:WordGuard:Enabled=false")]
    public void What_is_not_understood_is_said_with_its_place_and_what_to_write(string text, string problem)
    {
        var scene = Parse($"# note\n{text}\n");

        Assert.That(scene.Problems, Has.Count.EqualTo(1));
        Assert.That(scene.Problems[0], Does.StartWith($"x.scene.txt:2: {problem}"));
    }

    [TestCase("ann comes\nplugins: a", "x.scene.txt:2: plugins: belongs at the top, before anything happens.")]
    [TestCase("plugins: a\nplugins: b", "x.scene.txt:2: plugins: appears twice; name all of them in one line.")]
    public void A_head_stands_at_the_top_and_once(string text, string problem)
    {
        Assert.That(Parse(text).Problems, Is.EqualTo(new[] { problem }));
    }

    [Test]
    public void All_problems_come_at_once()
    {
        var problems = Parse("ann sez hi\nann says hi\nafter lunch\n").Problems;

        Assert.That(
            problems.Select(problem => problem[..14]), Is.EqualTo(new[] { "x.scene.txt:1:", "x.scene.txt:3:" }));
    }

    [Test]
    public void The_language_is_told_once()
    {
        var problems = Parse("ann sez hi\nann seez hi\n").Problems;

        Assert.That(problems[0], Does.Contain("A line is: WHO says TEXT"));
        Assert.That(problems[1], Is.EqualTo("x.scene.txt:2: I do not understand \"ann seez hi\". Did you mean sees?"));
    }

    [Test]
    public void A_scene_in_which_nothing_happens_is_a_mistake()
    {
        Assert.That(
            Parse("# later\nplugins: none\n").Problems, Is.EqualTo(new[] { "x.scene.txt: nothing happens in it." }));
    }

    private static SceneText Parse(string text) => new SceneParser("x.scene.txt").Parse(text);
}
