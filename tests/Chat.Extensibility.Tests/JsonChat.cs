using Chat.Engine;
using Chat.Scenes.Clients;
using Chat.Testing;

namespace Chat.Extensibility.Tests;

/// <summary>A chat with two listeners: one speaks the text protocol, the other JSON.</summary>
internal sealed class JsonChat : IAsyncDisposable
{
    private readonly MemoryListener _listener;
    private readonly CancellationToken _cancellationToken;

    private JsonChat(TestChat text, MemoryListener listener, CancellationToken cancellationToken)
    {
        Text = text;
        _listener = listener;
        _cancellationToken = cancellationToken;
    }

    public TestChat Text { get; }

    public static async Task<JsonChat> StartAsync(
        CancellationToken cancellationToken, Action<ChatServerOptions>? configure = null)
    {
        var listener = new MemoryListener();
        var text = await TestChat.StartAsync(
            options =>
            {
                options.Listeners.Add(new ChatListener(listener) { Protocol = new JsonLines() });
                configure?.Invoke(options);
            },
            cancellationToken);
        return new JsonChat(text, listener, cancellationToken);
    }

    public TestClient Connect() => _listener.Connect(_cancellationToken);

    public ValueTask DisposeAsync() => Text.DisposeAsync();
}
