using Chat.Scenes.Language;
using Chat.Scenes.Stages;

namespace Chat.Scenes.Playing;

/// <summary>Plays a scene, one step after the other: each is done, with all that comes of it, before the next begins.</summary>
/// <param name="name">The scene's name.</param>
/// <param name="stage">What it is played on.</param>
/// <param name="options">How long to wait.</param>
internal sealed class ScenePlayer(string name, IStage stage, SceneOptions options) : IAsyncDisposable
{
    private readonly List<Person> _people = [];

    /// <summary>Plays all steps.</summary>
    /// <exception cref="SceneFailedException">One of them did not go as it is written.</exception>
    public async Task PlayAsync(IReadOnlyList<SceneStep> steps, CancellationToken cancellationToken)
    {
        foreach (var step in steps)
            await PlayAsync(step, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var person in _people)
            await person.DisposeAsync().ConfigureAwait(false);
    }

    private Task PlayAsync(SceneStep step, CancellationToken cancellationToken) => step switch
    {
        Comes comes => ComeAsync(comes, cancellationToken),
        Leaves leaves => LeaveAsync(leaves, cancellationToken),
        Says says => SayAsync(says, cancellationToken),
        Sees sees => SeeAsync(sees, cancellationToken),
        SeesNothing nothing => SeeNothingAsync(nothing, cancellationToken),
        TimePasses passes => PassTimeAsync(passes, cancellationToken),
        FileChanges changes => ChangeFileAsync(changes, cancellationToken),
        _ => throw new InvalidOperationException($"Nobody knows how to play {step}."),
    };

    private async Task ComeAsync(Comes step, CancellationToken cancellationToken)
    {
        if (Find(step.Who) is not null)
            throw Failure(step, $"{step.Who} is here already.");
        var person = await EnterAsync(step, step.Who, cancellationToken).ConfigureAwait(false);

        // The greeting and the own joining go without saying; what plugins have said upon it does not.
        var lines = person.Lines;
        person.PassOver(lines.Index().FirstOrDefault(line => ComingAndGoing.IsJoining(line.Item.Text)).Index + 1);
    }

    private async Task LeaveAsync(Leaves step, CancellationToken cancellationToken)
    {
        var person = Present(step, step.Who);
        if (!await person.LeaveAsync(options.Patience, cancellationToken).ConfigureAwait(false))
            throw Failure(step, $"the server did not let {step.Who} go within {Seconds(options.Patience)}.");
        await SettleAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task SayAsync(Says step, CancellationToken cancellationToken)
    {
        var person = Find(step.Who);
        if (person is null)
        {
            person = await EnterAsync(step, step.Who, cancellationToken).ConfigureAwait(false);
            person.PassOver(person.Lines.Count);
        }

        foreach (var text in step.Texts)
        {
            if (!await person.TypeAsync(text).ConfigureAwait(false))
                throw Failure(step, $"{step.Who} cannot say anything any more: the connection has ended.");
        }

        // What others say next comes after it, unless a hook still thinks about it.
        await person.CatchUpAsync(options.Patience, cancellationToken).ConfigureAwait(false);
    }

    private async Task SeeAsync(Sees step, CancellationToken cancellationToken)
    {
        var person = Known(step, step.Who);
        List<string> seen = [];
        var readsOn = step.ReadsOn;
        foreach (var pattern in step.Patterns)
        {
            while (true)
            {
                var line = await person.NextAsync(options.Patience, cancellationToken).ConfigureAwait(false);
                if (line is null)
                {
                    var why = person.HasEnded ? "the connection has ended" : $"nothing more came within {Seconds(options.Patience)}";
                    await GiveUpStuckCallsAsync(cancellationToken).ConfigureAwait(false);
                    throw Failure(step, SceneFailure.Missing(step, seen, why));
                }

                var isAsWritten = pattern.Matches(line.Text);
                if (isAsWritten || (!readsOn && !ComingAndGoing.IsIn(line.Text)))
                    seen.Add(line.Text);
                if (!isAsWritten && !readsOn && !ComingAndGoing.IsIn(line.Text))
                {
                    person.Mark(SeenMark.Wrong);
                    await SettleAsync(cancellationToken).ConfigureAwait(false);
                    var comesLater = person.Lines.Any(later => later.Mark == SeenMark.Unread && pattern.Matches(later.Text));
                    throw Failure(step, SceneFailure.Different(step, seen, comesLater));
                }

                person.Mark(isAsWritten ? SeenMark.AsWritten : SeenMark.PassedOver);
                if (isAsWritten)
                    break;
            }

            readsOn = false;
        }
    }

    private async Task SeeNothingAsync(SeesNothing step, CancellationToken cancellationToken)
    {
        var person = Known(step, step.Who);
        var isSettled = await SettleAsync(cancellationToken).ConfigureAwait(false);
        if (options.QuietTime > TimeSpan.Zero)
        {
            await Task.Delay(options.QuietTime, cancellationToken).ConfigureAwait(false);
            isSettled = await SettleAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!isSettled)
        {
            await GiveUpStuckCallsAsync(cancellationToken).ConfigureAwait(false);
            throw Failure(step, $"{step.Who} was to see nothing\nbut something of a plugin has not come back within {Seconds(options.Patience)}, so nobody can tell.");
        }

        while (await person.NextAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false) is { } line)
        {
            var isNoise = ComingAndGoing.IsIn(line.Text);
            person.Mark(isNoise ? SeenMark.PassedOver : SeenMark.Wrong);
            if (!isNoise)
                throw Failure(step, $"{step.Who} was to see nothing\nbut saw\n  {line.Text}");
        }
    }

    private async Task PassTimeAsync(TimePasses step, CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        if (await stage.PassTimeAsync(step.By, () => SettleAsync(cancellationToken), cancellationToken).ConfigureAwait(false) is { } problem)
            throw Failure(step, problem);
    }

    private async Task ChangeFileAsync(FileChanges step, CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        if (await stage.ChangeFileAsync(step.File, step.Content, cancellationToken).ConfigureAwait(false) is { } problem)
            throw Failure(step, problem);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets somebody in who has then been greeted, by plugins too, and goes by the scene's name for them.</summary>
    private async Task<Person> EnterAsync(SceneStep step, string who, CancellationToken cancellationToken)
    {
        var person = new Person(who, await stage.ConnectAsync(cancellationToken).ConfigureAwait(false));
        _people.Add(person);
        if (!await person.CatchUpAsync(options.Patience, cancellationToken).ConfigureAwait(false))
        {
            await GiveUpStuckCallsAsync(cancellationToken).ConfigureAwait(false);
            throw Failure(step, $"{who} could not come in: the server did not answer within {Seconds(options.Patience)}.");
        }

        await SettleAsync(cancellationToken).ConfigureAwait(false);

        var before = person.Lines.Count;
        await person.TypeAsync($"/nick {who}").ConfigureAwait(false);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        var answers = person.Lines.Skip(before).Select(line => line.Text).ToList();
        if (!answers.Exists(line => line.EndsWith($" is now {who}", StringComparison.Ordinal)))
            throw Failure(step, $"{who} could not come in by that nick: {string.Join(' ', answers)}");
        return person;
    }

    /// <summary>
    /// Waits until all that is under way has come to rest: what everybody has typed has been done, observers have seen it, and what
    /// came of that has arrived, for as long as that makes something new arrive.
    /// </summary>
    /// <returns>Whether all has come back that was waited for; if not, something of a plugin has not in time.</returns>
    private async Task<bool> SettleAsync(CancellationToken cancellationToken)
    {
        const int MostRounds = 20;
        var before = -1;
        var isSettled = true;
        for (var round = 0; round < MostRounds && Count() != before; round++)
        {
            before = Count();
            isSettled = await HaveCaughtUpAsync().ConfigureAwait(false);
            try
            {
                await stage.WhenObservedAsync().WaitAsync(options.Patience, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // An observer does not return; the scene goes on without it.
                isSettled = false;
            }

            isSettled &= await HaveCaughtUpAsync().ConfigureAwait(false);
        }

        return isSettled;

        async Task<bool> HaveCaughtUpAsync() =>
            Array.TrueForAll(await Task.WhenAll(Here().Select(HasCaughtUpAsync)).ConfigureAwait(false), caughtUp => caughtUp);

        async Task<bool> HasCaughtUpAsync(Person person) =>
            await person.CatchUpAsync(options.Patience, cancellationToken).ConfigureAwait(false) || person.HasEnded;

        int Count() => _people.Sum(person => person.Lines.Count);
    }

    /// <summary>A scene that fails is to say whose fault it is.</summary>
    private Task GiveUpStuckCallsAsync(CancellationToken cancellationToken)
    {
        var observed = stage.WhenObservedAsync();
        return stage.GiveUpStuckCallsAsync(() => observed.IsCompleted && Here().All(person => person.IsCaughtUp), cancellationToken);
    }

    private IEnumerable<Person> Here() => _people.Where(person => person is { HasLeft: false, HasEnded: false });

    /// <summary>Who goes by a name and is here.</summary>
    private Person? Find(string who) => _people.Find(person => person.Name == who && !person.HasLeft);

    private Person Present(SceneStep step, string who) => Find(who) ?? throw NotHere(step, who);

    /// <summary>Who goes by a name, whether still here or not.</summary>
    private Person Known(SceneStep step, string who) => _people.FindLast(person => person.Name == who) ?? throw NotHere(step, who);

    private SceneFailedException NotHere(SceneStep step, string who) =>
        Failure(step, $"{who} is not here. Write \"{who} comes\" before it, or let {who} say something.");

    private SceneFailedException Failure(SceneStep step, string what) =>
        new(new SceneFailure(name, step.Line, what, _people, stage).ToString());

    private static string Seconds(TimeSpan time) => $"{time.TotalSeconds.ToString("0.###", System.Globalization.CultureInfo.InvariantCulture)} s";
}
