using System.Reflection;
using Chat.Engine.Diagnostics;

namespace Chat.Engine.Tests.Diagnostics;

public sealed class ExceptionTextTests
{
    [Test]
    public void F2_the_causes_of_an_exception_are_told()
    {
        var exception = new InvalidOperationException(
            "See the inner exception", new IOException("no space left", new TimeoutException("disk")));

        Assert.That(
            ExceptionText.Describe(exception),
            Is.EqualTo(
                "InvalidOperationException: See the inner exception; cause: IOException: no space left; cause: "
                + "TimeoutException: disk"));
    }

    [Test]
    public void F2_a_failed_type_initializer_is_told_by_its_cause_and_its_place()
    {
        var exception = Assert.Throws<TypeInitializationException>(() => _ = Broken.Value);

        Assert.That(
            ExceptionText.Describe(exception!),
            Does.Match(@"^ExceptionTextTests\.cs:\d+: FileNotFoundException: words\.txt is missing$"));
    }

    [Test]
    public void F2_wrappers_that_say_nothing_are_left_out()
    {
        var exception = new TargetInvocationException(new AggregateException(new ArgumentException("oh no")));

        Assert.That(ExceptionText.Describe(exception), Is.EqualTo("ArgumentException: oh no"));
    }

    [Test]
    public void F2_the_details_have_the_stack_of_every_cause()
    {
        var exception = Assert.Throws<TypeInitializationException>(() => _ = Broken.Value);

        Assert.That(
            ExceptionText.Details(exception!),
            Does.Contain(
                "System.IO.FileNotFoundException: words.txt is missing").And.Contain("ExceptionTextTests.cs:line"));
    }

    [Test]
    public void A_chain_without_end_is_cut()
    {
        Exception exception = new IOException("root");
        for (var level = 0; level < 100; level++)
            exception = new InvalidOperationException(new string('x', 300), exception);

        Assert.That(ExceptionText.Describe(exception), Has.Length.LessThan(1100));
    }

    private static class Broken
    {
        public static readonly int Value = Load();

        private static int Load() => throw new FileNotFoundException("words.txt is missing");
    }
}
