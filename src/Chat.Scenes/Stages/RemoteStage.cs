namespace Chat.Scenes.Stages;

/// <summary>A server that is already running and belongs to somebody else.</summary>
internal sealed class RemoteStage(
    string name, SceneHeader header, Func<CancellationToken, ValueTask<IClientSide>> connect) : IStage
{
    public IReadOnlyList<string> Warnings => [];

    public async ValueTask<TestClient> ConnectAsync(CancellationToken cancellationToken) => header.IsEmpty
        ? new TestClient(await connect(cancellationToken).ConfigureAwait(false), cancellationToken)
        : throw new SceneProblemException(
            $"{name}: plugins:, setting: and clock: need a server of the scene's own, "
            + "but it is played against one that is already running.");

    public Task WhenObservedAsync() => Task.CompletedTask;

    public Task<string?> PassTimeAsync(TimeSpan by, Func<Task> settle, CancellationToken cancellationToken) =>
        Task.FromResult<string?>("the clock of a server that is already running cannot be moved.");

    public Task<string?> ChangeFileAsync(string file, string? content, CancellationToken cancellationToken) =>
        Task.FromResult<string?>("the plugin folder of a server that is already running cannot be changed.");

    public Task AbandonCallsAsync(Func<bool> isOver, CancellationToken cancellationToken) => Task.CompletedTask;

    public string Explain(string? seen) => "";

    public ValueTask DisposeAsync() => default;
}
