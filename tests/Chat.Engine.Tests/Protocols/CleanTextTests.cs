using Chat.Engine.Protocols;
using Chat.Engine.Sessions;

namespace Chat.Engine.Tests.Protocols;

public sealed class CleanTextTests
{
    [TestCase("plain é 😀", "plain é 😀")]
    [TestCase("tab\tbecomes a space", "tab becomes a space")]
    [TestCase("a\u001b[2Jb", "a[2Jb")]
    [TestCase("a\u0000\u0008\u007f\u0080\u009fb", "ab")]
    [TestCase("a\nb\rc", "a b c")]
    [TestCase("a\u2028b\u2029c\u0085d", "a b c d")]
    [TestCase("", "")]
    public void A_text_becomes_one_harmless_line(string text, string clean)
    {
        Assert.That(CleanText.Line(text), Is.EqualTo(clean));
    }

    [Test]
    public void A_clean_text_is_not_copied()
    {
        var text = new string('x', 10);

        Assert.That(CleanText.Line(text), Is.SameAs(text));
    }

    [FsCheck.NUnit.Property]
    public bool Cleaning_twice_changes_nothing(string? text) =>
        CleanText.Line(text ?? "") is var clean && CleanText.Line(clean) == clean;

    [TestCase("ann")]
    [TestCase("Zoë")]
    [TestCase("李雷")]
    [TestCase("a-b_c.d")]
    [TestCase("👍")]
    public void A_printable_name_is_fit(string name)
    {
        Assert.That(CleanText.ProblemWithName(name, "A nick", 24), Is.Null);
    }

    [TestCase("a b")]
    [TestCase("a\tb")]
    [TestCase("a\u00a0b")]
    [TestCase("a\u200bb")]
    [TestCase("a\u202eb")]
    [TestCase("a\u001bb")]
    [TestCase("\ue000")]
    public void A_name_with_blanks_or_invisible_characters_is_not(string name)
    {
        Assert.That(CleanText.ProblemWithName(name, "A nick", 24), Does.StartWith("A nick may hold letters"));
    }

    [TestCase("\u3164")]
    [TestCase("\u115f")]
    [TestCase("\u1160")]
    [TestCase("\uffa0")]
    [TestCase("\u2800")]
    [TestCase("\U00016fe4")]
    [TestCase("\U0001d159")]
    [TestCase("ann\ufe0f")]
    [TestCase("ann\ufe00")]
    [TestCase("ann\u034f")]
    [TestCase("ann\u180b")]
    [TestCase("ann\u180f")]
    [TestCase("ann\u17b4")]
    [TestCase("a\u00adnn")]
    [TestCase("ann\U000e0100")]
    [TestCase("ann\U000e0fff")]
    [TestCase("ann\ufff0")]
    public void F10_names_that_differ_by_invisible_characters_only_are_refused(string name)
    {
        Assert.That(NameRules.ProblemWithNick(name, out _), Does.StartWith("A nick may hold letters"));
        Assert.That(NameRules.ProblemWithRoom(name, out _), Does.StartWith("A room's name may hold letters"));
    }

    [Test]
    public void Half_a_character_is_not_fit_for_a_name()
    {
        Assert.That(
            CleanText.ProblemWithName($"a{(char)0xd800}", "A nick", 24), Does.StartWith("A nick may hold letters"));
    }

    [TestCase(0, false)]
    [TestCase(1, true)]
    [TestCase(24, true)]
    [TestCase(25, false)]
    public void A_names_length_counts_code_points(int length, bool isFit)
    {
        var name = string.Concat(Enumerable.Repeat("😀", length));

        Assert.That(
            CleanText.ProblemWithName(name, "A nick", 24),
            isFit ? Is.Null : Is.EqualTo($"A nick has 1 to 24 characters; this one has {length}."));
    }

    [Test]
    public void A_name_cannot_begin_with_a_combining_accent()
    {
        Assert.That(CleanText.ProblemWithName("\u0301a", "A nick", 24), Does.Contain("cannot begin with an accent"));
    }
}
