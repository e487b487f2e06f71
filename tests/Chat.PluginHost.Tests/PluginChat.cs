using System.Text;
using Chat.Engine;
using Chat.Scenes.Clients;
using Chat.Testing;

namespace Chat.PluginHost.Tests;

/// <summary>A chat in memory with a plugin directory in a temporary folder. Looks at the folder when told to, and not
/// by itself.</summary>
public sealed class PluginChat : IAsyncDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("chat-plugins-").FullName;
    private readonly CancellationToken _cancellationToken;
    private TestChat? _chat;
    private TestClient? _ann;

    public PluginChat(CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        Options = new PluginHostOptions
        {
            Folder = Path.Combine(_root, "drop"),
            BundledFolder = Path.Combine(_root, "bundled"),
            ShadowFolder = Path.Combine(_root, "shadow"),
            QuietTime = TimeSpan.FromMinutes(1),
            PollInterval = TimeSpan.FromHours(1),
            StartTimeout = TimeSpan.FromSeconds(20),
            HandOverTimeout = TimeSpan.FromSeconds(20),
            LoggerFactory = Log,
        };
        Directory.CreateDirectory(Options.Folder);
        Directory.CreateDirectory(Options.BundledFolder);
    }

    public PluginHostOptions Options { get; }

    /// <summary>The server's clock, which plugins' timers go by.</summary>
    public TimeProvider ServerClock { get; set; } = TimeProvider.System;

    /// <summary>Sets what is special about the server.</summary>
    public Action<ChatServerOptions>? Configure { get; set; }

    public CollectingLog Log { get; } = new();

    public TestChat Chat => _chat!;

    public ChatServer Server => Chat.Server;

    public PluginDirectory Plugins { get; private set; } = null!;

    /// <summary>What <c>/hooks</c> shows.</summary>
    public string Hooks => Server.DescribeHooks();

    /// <summary>The ids of the plugins that are live.</summary>
    public IReadOnlyList<string> Ids => [.. Plugins.Plugins.Select(plugin => plugin.Id)];

    /// <summary>A path in the drop folder.</summary>
    public string Drop(params string[] names) => Path.Combine([Options.Folder, .. names]);

    /// <summary>A path in the folder of plugins that come with the application.</summary>
    public string Bundled(params string[] names) => Path.Combine([Options.BundledFolder!, .. names]);

    /// <summary>A path in the folder of copies.</summary>
    public string Shadow(params string[] names) => Path.Combine([Options.ShadowFolder, .. names]);

    /// <summary>Starts with what is in the folder.</summary>
    public async Task<PluginChat> StartAsync()
    {
        _chat = await TestChat.StartAsync(
            options =>
            {
                (options.LoggerFactory, options.Clock) = (Log, ServerClock);
                Configure?.Invoke(options);
            },
            _cancellationToken);
        Plugins = new PluginDirectory(Server, Options);
        await Plugins.StartAsync(_cancellationToken);
        return this;
    }

    /// <summary>Writes a file into the drop folder and has the host look.</summary>
    public Task SaveAsync(string name, string text) => SaveAsync(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file into the drop folder, in one step for a scan that is under way, and has the host
    /// look.</summary>
    public Task SaveAsync(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Drop(name))!);
        var aside = Path.Combine(_root, Path.GetRandomFileName());
        File.WriteAllBytes(aside, bytes);
        File.Move(aside, Drop(name), overwrite: true);
        return RescanAsync();
    }

    /// <summary>Lays a built plugin into a folder of its own name and has the host look.</summary>
    public Task DropTestPluginAsync(string name)
    {
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin(name), Drop(name));
        return RescanAsync();
    }

    public Task RescanAsync() => Plugins.RescanAsync(_cancellationToken);

    /// <summary>Waits until every version that has been taken out is gone.</summary>
    public Task RetiredAsync() => Plugins.WhenRetiredAsync().WaitAsync(_cancellationToken);

    /// <summary>Someone types a line.</summary>
    /// <returns>What they see then.</returns>
    public async Task<string> TypeAsync(string line)
    {
        _ann ??= await Chat.EnterAsync("ann");
        await _ann.PingAsync();
        await _ann.SendLineAsync(line);
        return string.Join('\n', await _ann.PingAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (Plugins is not null)
            await Plugins.DisposeAsync();
        if (_chat is not null)
            await _chat.DisposeAsync();
        Directory.Delete(_root, recursive: true);
    }
}
