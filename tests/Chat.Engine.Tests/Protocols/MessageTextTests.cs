using Chat.Engine.Protocols;
using Chat.Events;

namespace Chat.Engine.Tests.Protocols;

public sealed class MessageTextTests
{
    [TestCase(8, true)]
    [TestCase(9, true)]
    [TestCase(10, false)]
    public void The_limit_is_in_bytes_of_utf8(int limitedTo9, bool isFit)
    {
        var text = new string('x', limitedTo9);

        Assert.That(
            MessageText.Problem(text, 9),
            isFit ? Is.Null : Is.EqualTo(new Refused(RefusalCode.MessageTooLong) { Actual = 10, Limit = 9 }));
    }

    [TestCase("€€€", true)]
    [TestCase("€€€a", false)]
    [TestCase("éééé", true)]
    [TestCase("ééééé", false)]
    public void A_character_counts_for_all_its_bytes(string text, bool isFit)
    {
        Assert.That(MessageText.Problem(text, 9), isFit ? Is.Null : Is.Not.Null);
    }

    [TestCase("")]
    [TestCase(" \t ")]
    public void A_blank_text_cannot_be_sent(string text)
    {
        Assert.That(MessageText.Problem(text, 9), Is.EqualTo(new Refused(RefusalCode.MessageEmpty)));
    }
}
