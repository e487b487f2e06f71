using System.Globalization;

namespace Chat.Scenes.Playing;

/// <summary>Plays a scene step by step: each step has had all its effects before the next begins.</summary>
internal sealed class ScenePlayer(string name, IStage stage, TimeSpan patience, TimeSpan quietTime) : IAsyncDisposable
{
    private readonly List<Person> _people = [];

    /// <summary>Plays all steps.</summary>
    /// <exception cref="SceneProblemException">A step failed.</exception>
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
        _ => throw new InvalidOperationException($"There is no way to play {step}."),
    };

    private async Task ComeAsync(Comes step, CancellationToken cancellationToken)
    {
        if (Find(step.Who) is not null)
            throw Failure(step, $"{step.Who} is here already.");
        var person = await EnterAsync(step, step.Who, cancellationToken).ConfigureAwait(false);

        // Scenes do not mention the greeting and the joining, but they do mention what plugins say upon it.
        var lines = person.Lines;
        var joining = lines.Index().FirstOrDefault(line => ComingAndGoing.IsJoining(line.Item.Text)).Index;
        person.Skip(joining + 1);
    }

    private async Task LeaveAsync(Leaves step, CancellationToken cancellationToken)
    {
        var person = Present(step, step.Who);
        if (!await person.LeaveAsync(patience, cancellationToken).ConfigureAwait(false))
            throw Failure(step, $"the server did not close the connection of {step.Who} within {Seconds(patience)}.");
        await SettleAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task SayAsync(Says step, CancellationToken cancellationToken)
    {
        var person = Find(step.Who);
        if (person is null)
        {
            person = await EnterAsync(step, step.Who, cancellationToken).ConfigureAwait(false);
            person.Skip(person.Lines.Count);
        }

        foreach (var text in step.Texts)
        {
            if (!await person.TypeAsync(text).ConfigureAwait(false))
                throw Failure(step, $"{step.Who} cannot say anything: the connection has ended.");
        }

        // What others say next comes after this, unless a hook is still busy with it.
        await person.CatchUpAsync(patience, cancellationToken).ConfigureAwait(false);
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
                var line = await person.NextAsync(patience, cancellationToken).ConfigureAwait(false);
                if (line is null)
                {
                    var why = person.HasEnded
                        ? "the connection has ended"
                        : $"nothing more came within {Seconds(patience)}";
                    await AbandonCallsAsync(cancellationToken).ConfigureAwait(false);
                    throw Failure(step, SceneFailure.Missing(step, seen, why));
                }

                var isExpected = pattern.Matches(line.Text);
                if (isExpected || (!readsOn && !ComingAndGoing.IsIn(line.Text)))
                    seen.Add(line.Text);
                if (!isExpected && !readsOn && !ComingAndGoing.IsIn(line.Text))
                {
                    person.Mark(SeenMark.Wrong);
                    await SettleAsync(cancellationToken).ConfigureAwait(false);
                    var unread = person.Lines.Where(later => later.Mark == SeenMark.Unread);
                    var comesLater = unread.Any(later => pattern.Matches(later.Text));
                    throw Failure(step, SceneFailure.Different(step, seen, comesLater));
                }

                person.Mark(isExpected ? SeenMark.AsExpected : SeenMark.Skipped);
                if (isExpected)
                    break;
            }

            readsOn = false;
        }
    }

    private async Task SeeNothingAsync(SeesNothing step, CancellationToken cancellationToken)
    {
        var person = Known(step, step.Who);
        var isSettled = await SettleAsync(cancellationToken).ConfigureAwait(false);
        if (quietTime > TimeSpan.Zero)
        {
            await Task.Delay(quietTime, cancellationToken).ConfigureAwait(false);
            isSettled = await SettleAsync(cancellationToken).ConfigureAwait(false);
        }

        if (!isSettled)
        {
            await AbandonCallsAsync(cancellationToken).ConfigureAwait(false);
            throw Failure(
                step,
                $"{step.Who} should have seen nothing\n"
                + $"but a call of a plugin did not return within {Seconds(patience)}, so more may come.");
        }

        while (await person.NextAsync(TimeSpan.Zero, cancellationToken).ConfigureAwait(false) is { } line)
        {
            var isNoise = ComingAndGoing.IsIn(line.Text);
            person.Mark(isNoise ? SeenMark.Skipped : SeenMark.Wrong);
            if (!isNoise)
                throw Failure(step, $"{step.Who} should have seen nothing\nbut saw\n  {line.Text}");
        }
    }

    private async Task PassTimeAsync(TimePasses step, CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        var problem = await stage.PassTimeAsync(step.By, () => SettleAsync(cancellationToken), cancellationToken)
            .ConfigureAwait(false);
        if (problem is not null)
            throw Failure(step, problem);
    }

    private async Task ChangeFileAsync(FileChanges step, CancellationToken cancellationToken)
    {
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        var problem = await stage.ChangeFileAsync(step.File, step.Content, cancellationToken).ConfigureAwait(false);
        if (problem is not null)
            throw Failure(step, problem);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Connects a person, waits for the greeting, by plugins too, and gives them their nick.</summary>
    private async Task<Person> EnterAsync(SceneStep step, string who, CancellationToken cancellationToken)
    {
        var person = new Person(who, await stage.ConnectAsync(cancellationToken).ConfigureAwait(false));
        _people.Add(person);
        if (!await person.CatchUpAsync(patience, cancellationToken).ConfigureAwait(false))
        {
            await AbandonCallsAsync(cancellationToken).ConfigureAwait(false);
            throw Failure(step, $"{who} could not connect: the server did not answer within {Seconds(patience)}.");
        }

        await SettleAsync(cancellationToken).ConfigureAwait(false);

        var before = person.Lines.Count;
        await person.TypeAsync($"/nick {who}").ConfigureAwait(false);
        await SettleAsync(cancellationToken).ConfigureAwait(false);
        var answers = person.Lines.Skip(before).Select(line => line.Text).ToList();
        if (!answers.Exists(line => line.EndsWith($" is now {who}", StringComparison.Ordinal)))
            throw Failure(step, $"{who} could not take that nick: {string.Join(' ', answers)}");
        return person;
    }

    /// <summary>Waits until nothing is under way: the server has handled what everybody has typed, observers have seen
    /// it, and its effects have arrived. Repeats that while something new arrives.</summary>
    /// <returns><see langword="false"/> if a call of a plugin did not return in time.</returns>
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
                await stage.WhenObservedAsync().WaitAsync(patience, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                // An observer hangs. The scene continues without it.
                isSettled = false;
            }

            isSettled &= await HaveCaughtUpAsync().ConfigureAwait(false);
        }

        return isSettled;

        async Task<bool> HaveCaughtUpAsync() =>
            (await Task.WhenAll(Here().Select(HasCaughtUpAsync)).ConfigureAwait(false)).All(caughtUp => caughtUp);

        async Task<bool> HasCaughtUpAsync(Person person) =>
            await person.CatchUpAsync(patience, cancellationToken).ConfigureAwait(false) || person.HasEnded;

        int Count() => _people.Sum(person => person.Lines.Count);
    }

    /// <summary>Makes hanging calls time out, so that the failure names the plugin.</summary>
    private Task AbandonCallsAsync(CancellationToken cancellationToken)
    {
        var observed = stage.WhenObservedAsync();
        return stage.AbandonCallsAsync(
            () => observed.IsCompleted && Here().All(person => person.IsCaughtUp), cancellationToken);
    }

    private IEnumerable<Person> Here() => _people.Where(person => person is { HasLeft: false, HasEnded: false });

    /// <summary>The person of a name who is here.</summary>
    private Person? Find(string who) => _people.Find(person => person.Name == who && !person.HasLeft);

    private Person Present(SceneStep step, string who) => Find(who) ?? throw NotHere(step, who);

    /// <summary>The person of a name, whether still here or not.</summary>
    private Person Known(SceneStep step, string who) =>
        _people.FindLast(person => person.Name == who) ?? throw NotHere(step, who);

    private SceneProblemException NotHere(SceneStep step, string who) =>
        Failure(step, $"{who} is not here. Write \"{who} comes\" before it, or let {who} say something.");

    private SceneProblemException Failure(SceneStep step, string what) =>
        new(new SceneFailure(name, step.Line, what, _people, stage).ToString());

    private static string Seconds(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###} s");
}
