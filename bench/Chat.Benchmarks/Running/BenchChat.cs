using System.Reflection;
using Chat.Engine;
using Chat.PluginHost;
using Chat.Scenes.Clients;

namespace Chat.Benchmarks.Running;

/// <summary>A chat that clients reach through memory, with a plugin host over a folder that people save into.</summary>
internal sealed class BenchChat : IAsyncDisposable
{
    private const string Plugin = "BenchPlugin";

    private readonly MemoryListener _listener = new();
    private readonly string _root;
    private readonly bool _isOwnRoot;
    private ChatServer? _server;
    private PluginDirectory? _plugins;

    /// <param name="root">Where all files go, and stay; <see langword="null"/> for a folder that goes with this
    /// object.</param>
    public BenchChat(string? root = null)
    {
        _isOwnRoot = root is null;
        _root = root ?? Directory.CreateTempSubdirectory("chat-bench-").FullName;
        Options = new PluginHostOptions
        {
            Folder = Path.Combine(_root, "plugins"),
            ShadowFolder = Path.Combine(_root, "shadow"),
            CacheFolder = Path.Combine(_root, "cache"),
        };
        Directory.CreateDirectory(Options.Folder);
    }

    public PluginHostOptions Options { get; }

    /// <summary>Starts with what is in the folder.</summary>
    /// <param name="configure">Sets what is special about the server.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidOperationException">Something in it cannot be loaded.</exception>
    public async Task StartAsync(Action<ChatServerOptions>? configure, CancellationToken cancellationToken)
    {
        _server = ChatServer.Create(options =>
        {
            configure?.Invoke(options);
            options.GreetingDelay = TimeSpan.Zero;
            options.Listeners.Add(_listener);
        });
        _plugins = new PluginDirectory(_server, Options);
        await _plugins.StartAsync(cancellationToken);
        await _server.StartAsync(cancellationToken);
        if (_server.DescribeHooks() is var hooks && hooks.Contains("Not loaded", StringComparison.Ordinal))
            throw new InvalidOperationException(hooks);
    }

    /// <summary>Starts with what is in the folder, and a server like any other.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => StartAsync(configure: null, cancellationToken);

    /// <summary>How one hook fares.</summary>
    public string DescribeHooks() => _server!.DescribeHooks();

    /// <summary>Brings a client into a room.</summary>
    public async Task<BenchClient> EnterAsync(string nick, string room, CancellationToken cancellationToken)
    {
        var client = new BenchClient(nick, _listener.Open(cancellationToken).ClientSide, cancellationToken);
        await client.SendLineAsync($"/nick {nick}");
        await client.SendLineAsync($"/join {room}");
        await client.PingAsync(_ => { });
        return client;
    }

    /// <summary>Lays the bench's own DLL plugin into the folder.</summary>
    public void DropPlugin()
    {
        var built = typeof(BenchChat).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(each => each.Key == Plugin).Value!;
        Directory.CreateDirectory(Path.Combine(Options.Folder, Plugin));
        foreach (var file in Directory.EnumerateFiles(built))
            File.Copy(file, Path.Combine(Options.Folder, Plugin, Path.GetFileName(file)), overwrite: true);
    }

    /// <summary>Makes another version of the DLL plugin.</summary>
    public void SavePlugin(int version) => Save(Path.Combine(Plugin, "version.txt"), $"{version}");

    /// <summary>Writes a file as an editor does that saves to the side and renames.</summary>
    /// <returns>When the file was in its place, as a timestamp.</returns>
    public long Save(string name, string text)
    {
        var target = Path.Combine(Options.Folder, name);
        var aside = Path.Combine(_root, "aside.tmp");
        File.WriteAllText(aside, text);
        var before = TimeProvider.System.GetTimestamp();
        File.Move(aside, target, overwrite: true);
        return before;
    }

    public async ValueTask DisposeAsync()
    {
        if (_plugins is not null)
            await _plugins.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_isOwnRoot)
            Directory.Delete(_root, recursive: true);
    }
}
