using Chat.PluginHost.Context;
using Chat.PluginHost.Diagnostics;
using Chat.Scenes.Clients;

namespace Chat.PluginHost.Tests.Context;

public sealed class StateHandOverTests : IDisposable
{
    private readonly CollectingLog _log = new();
    private readonly StateHandOver _state;

    public StateHandOverTests() => _state = new StateHandOver("foo", "foo.csx", _log.CreateLogger(""));

    public void Dispose() => _log.Dispose();

    [Test]
    public void What_a_version_saves_is_what_the_next_one_restores()
    {
        string? restored = null;
        _state.OnSave(() => "seven");
        _state.OnRestore(text => restored = text);

        _state.Restore(_state.Save()!);

        Assert.That(restored, Is.EqualTo("seven"));
    }

    [Test]
    public void A_version_that_has_not_said_what_to_save_saves_nothing_and_one_that_restores_nothing_takes_no_notice()
    {
        Assert.That(_state.Save(), Is.Null);
        Assert.That(() => _state.Restore("seven"), Throws.Nothing);
    }

    [Test]
    public void A_failing_save_is_logged_with_its_line_and_the_next_version_starts_afresh()
    {
        _state.OnSave(() => throw new InvalidOperationException("deliberate"));

        Assert.That(_state.Save(), Is.Null);
        Assert.That(_log.Lines.All, Has.One.Match(
            @"^Warning: Plugin foo could not save .*starts afresh: StateHandOverTests\.cs:\d+: "
                + @"InvalidOperationException: deliberate$"));
    }

    [Test]
    public void A_saved_text_has_at_most_1_MiB()
    {
        var length = 512 * 1024;
        _state.OnSave(() => new string('ä', length));
        Assert.That(_state.Save(), Has.Length.EqualTo(length));

        length++;

        Assert.That(_state.Save(), Is.Null);
        Assert.That(_log.Lines.All, Has.One.EndsWith(
            "its text has 1048578 bytes, and at most 1048576 cross to the next version"));
    }

    [Test]
    public void A_failing_restore_refuses_the_new_version()
    {
        _state.OnRestore(_ => throw new InvalidOperationException("deliberate"));

        Assert.That(
            () => _state.Restore("seven"),
            Throws.InstanceOf<PluginLoadException>().With.Message.Match(
                @"^foo\.csx: it could not restore what the version before it had saved: StateHandOverTests\.cs:\d+: "
                    + @"InvalidOperationException: deliberate$"));
    }

    [Test]
    public void Each_may_be_said_once()
    {
        _state.OnSave(() => null);
        _state.OnRestore(_ => { });

        Assert.That(() => _state.OnSave(() => null), Throws.InvalidOperationException.With.Message.StartsWith(
            "Save has been called before."));
        Assert.That(() => _state.OnRestore(_ => { }), Throws.InvalidOperationException.With.Message.StartsWith(
            "Restore has been called before."));
    }
}
