using Chat.Hooks;

namespace Chat.Engine.Tests.Abstractions;

public sealed class HookResultTests
{
    [Test]
    public void Adding_a_reply_leaves_the_shared_result_as_it_was()
    {
        var withReply = HookResult.Pass.Reply("psst");

        Assert.That(
            (HookResult.Pass.Replies.Count, withReply.Action, withReply.Replies[0]),
            Is.EqualTo((0, HookAction.Pass, "psst")));
    }

    [Test]
    public void Adding_a_tag_leaves_the_shared_result_as_it_was()
    {
        var tagged = HookResult.Drop.Tag("spam", "yes");

        Assert.That(
            (HookResult.Drop.Tags.Count, tagged.Action, tagged.Tags["spam"]), Is.EqualTo((0, HookAction.Drop, "yes")));
    }

    [Test]
    public void Replies_and_tags_add_up_in_any_order_on_any_decision()
    {
        var result = HookResult.Rewrite("new").Reply("one").Tag("a", "1").Reply("two").Tag("b", "2").Tag("a", "3");

        Assert.That((result.Action, result.Text), Is.EqualTo((HookAction.Rewrite, "new")));
        Assert.That(result.Replies, Is.EqualTo(new[] { "one", "two" }));
        Assert.That(result.Tags, Is.EquivalentTo(new Dictionary<string, string> { ["a"] = "3", ["b"] = "2" }));
    }

    [Test]
    public void What_is_done_to_the_array_later_does_not_change_the_result()
    {
        OutgoingMessage[] messages = ["one", "two"];

        var result = HookResult.Emit(messages);
        messages[0] = "changed";

        Assert.That(result.Messages.Select(message => message.Text), Is.EqualTo(new[] { "one", "two" }));
    }

    [Test]
    public async Task A_result_is_its_own_completed_task()
    {
        ValueTask<HookResult> task = HookResult.Drop;

        Assert.That((task.IsCompletedSuccessfully, await task), Is.EqualTo((true, HookResult.Drop)));
    }

    [Test]
    public void Null_is_refused_where_it_is_written()
    {
        Assert.That(() => HookResult.Rewrite(null!), Throws.ArgumentNullException);
        Assert.That(() => HookResult.Reject(null!), Throws.ArgumentNullException);
        Assert.That(() => HookResult.Emit(null!), Throws.ArgumentNullException);
        Assert.That(() => HookResult.Pass.Reply(null!), Throws.ArgumentNullException);
        Assert.That(() => HookResult.Pass.Tag(null!, ""), Throws.ArgumentNullException);
        Assert.That(() => HookResult.Pass.Tag("", null!), Throws.ArgumentNullException);
    }
}
