using Chat.Scenes.Language;

namespace Chat.Scenes.Tests.Language;

public sealed class PeriodTests
{
    [TestCase("5 minutes", 300_000)]
    [TestCase("1 minute", 60_000)]
    [TestCase("10 s", 10_000)]
    [TestCase("10s", 10_000)]
    [TestCase("250 ms", 250)]
    [TestCase("0.5 seconds", 500)]
    [TestCase("1 h 30 min", 5_400_000)]
    [TestCase("2 days", 172_800_000)]
    public void A_time_is_read(string text, long milliseconds)
    {
        Assert.That(Period.TryParse(text, out var time), Is.True);
        Assert.That(time, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [TestCase("")]
    [TestCase("5")]
    [TestCase("minutes")]
    [TestCase("five minutes")]
    [TestCase("0 s")]
    [TestCase("-1 s")]
    [TestCase("401 days")]
    [TestCase("999999999 days 999999999 days")]
    [TestCase("1 fortnight")]
    [TestCase("1 h and 1 s")]
    public void What_is_no_time_is_not_read(string text)
    {
        Assert.That(Period.TryParse(text, out _), Is.False);
    }
}
