namespace Chat.Scenes.Stages;

/// <summary>Where a scene is played: a server, its clock and its plugin folder.</summary>
internal interface IStage : IAsyncDisposable
{
    /// <summary>Connects a client.</summary>
    /// <exception cref="IOException">The connection failed.</exception>
    ValueTask<TestClient> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Completes when the observers have seen everything that has happened so far.</summary>
    Task WhenObservedAsync();

    /// <summary>Lets time pass. Each timer of a plugin fires at its time.</summary>
    /// <param name="by">How much.</param>
    /// <param name="settle">Waits for the effects of the timers that have fired.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>Why time cannot pass; <see langword="null"/> if it has.</returns>
    Task<string?> PassTimeAsync(TimeSpan by, Func<Task> settle, CancellationToken cancellationToken);

    /// <summary>Saves or deletes a file of the plugin folder. Completes when that has taken effect.</summary>
    /// <returns>Why it failed; <see langword="null"/> if it succeeded.</returns>
    Task<string?> ChangeFileAsync(string file, string? content, CancellationToken cancellationToken);

    /// <summary>Lets time pass until hanging calls are abandoned; the log and <see cref="Explain"/> then name the
    /// plugin. For a scene that has failed.</summary>
    /// <param name="isOver">Whether no hanging call is left.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    Task AbandonCallsAsync(Func<bool> isOver, CancellationToken cancellationToken);

    /// <summary>Explains, hook by hook, why a line came out as it did.</summary>
    /// <param name="seen">The line as a person saw it. For <see langword="null"/>, or a line that nobody said, the last
    /// one that was said is explained.</param>
    /// <returns>Several lines; empty if nothing is known.</returns>
    string Explain(string? seen);

    /// <summary>The warnings and errors logged so far.</summary>
    IReadOnlyList<string> Warnings { get; }
}
