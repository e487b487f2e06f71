namespace Chat.Scenes.Stages;

/// <summary>What a scene is played on: a server, its clock and its plugin folder.</summary>
internal interface IStage : IAsyncDisposable
{
    /// <summary>Lets somebody in.</summary>
    /// <exception cref="IOException">There is no way in.</exception>
    ValueTask<TestClient> ConnectAsync(CancellationToken cancellationToken);

    /// <summary>Completes when plugins have seen all that has happened so far.</summary>
    Task WhenObservedAsync();

    /// <summary>Lets time pass: each timer of a plugin fires at its time.</summary>
    /// <param name="by">How much.</param>
    /// <param name="settle">Waits until what a timer has begun has had its effect.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why it cannot; <see langword="null"/> when it has.</returns>
    Task<string?> PassTimeAsync(TimeSpan by, Func<Task> settle, CancellationToken cancellationToken);

    /// <summary>Saves or deletes a file of the plugin folder, and completes when that has taken effect.</summary>
    /// <param name="file">Its path in the folder.</param>
    /// <param name="content">What is in it; <see langword="null"/>: it is deleted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why it cannot or has failed; <see langword="null"/> when all is well.</returns>
    Task<string?> ChangeFileAsync(string file, string? content, CancellationToken cancellationToken);

    /// <summary>Has calls that do not come back given up, which tells in the log and in <see cref="Explain"/> whose they are. For a scene that has failed: time passes with it.</summary>
    /// <param name="isOver">Whether none is left.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task GiveUpStuckCallsAsync(Func<bool> isOver, CancellationToken cancellationToken);

    /// <summary>What is known of how a line came out as it did, hook by hook.</summary>
    /// <param name="seen">The line as somebody saw it; <see langword="null"/>, or one that nobody said: the last that was said.</param>
    /// <returns>Several lines; empty when nothing is known.</returns>
    string Explain(string? seen);

    /// <summary>The warnings and errors logged so far.</summary>
    IReadOnlyList<string> Warnings { get; }
}
