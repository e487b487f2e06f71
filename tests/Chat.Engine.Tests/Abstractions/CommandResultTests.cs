using Chat.Commands;
using Chat.Events;

namespace Chat.Engine.Tests.Abstractions;

public sealed class CommandResultTests
{
    [TestCaseSource(nameof(Results))]
    public void A_result_says_what_it_was_made_for(
        CommandResult result, (CommandAction, string, MessageKind, string?) said)
    {
        Assert.That((result.Action, result.Text, result.Kind, result.Recipient), Is.EqualTo(said));
    }

    [Test]
    public async Task A_result_is_its_own_completed_task()
    {
        ValueTask<CommandResult> task = CommandResult.Done;

        Assert.That((task.IsCompletedSuccessfully, await task), Is.EqualTo((true, CommandResult.Done)));
    }

    [Test]
    public void Null_is_refused_where_it_is_written()
    {
        Assert.That(() => CommandResult.Reply((string)null!), Throws.ArgumentNullException);
        Assert.That(() => CommandResult.Reply((ChatEvent)null!), Throws.ArgumentNullException);
        Assert.That(() => CommandResult.Announce(null!), Throws.ArgumentNullException);
        Assert.That(() => CommandResult.Say(null!), Throws.ArgumentNullException);
        Assert.That(() => CommandResult.Whisper(null!, "hi"), Throws.ArgumentNullException);
        Assert.That(() => CommandResult.Whisper("bob", null!), Throws.ArgumentNullException);
    }

    private static IEnumerable<TestCaseData> Results()
    {
        yield return new(CommandResult.Done, (CommandAction.Done, "", MessageKind.Say, (string?)null));
        yield return new(CommandResult.Reply("a"), (CommandAction.Reply, "a", MessageKind.Say, (string?)null));
        yield return new(CommandResult.Announce("a"), (CommandAction.Announce, "a", MessageKind.Say, (string?)null));
        yield return new(CommandResult.Say("a"), (CommandAction.Speak, "a", MessageKind.Say, (string?)null));
        yield return new(CommandResult.Emote("a"), (CommandAction.Speak, "a", MessageKind.Emote, (string?)null));
        yield return new(
            CommandResult.Whisper("bob", "a"), (CommandAction.Speak, "a", MessageKind.Whisper, (string?)"bob"));
    }
}
