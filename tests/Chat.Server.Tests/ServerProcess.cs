using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Chat.Server.Tests;

/// <summary>The real server in a process of its own, on a free port, with data in a folder of its own.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    /// <summary>The operator key of a supervised server.</summary>
    public const string OperatorKey = "open sesame";

    private const string Ready = "Ctrl-C stops.";

    private readonly Process _process;
    private readonly TemporaryFolder? _ownFolder;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _log = new();
    private TaskCompletionSource _logged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process, TemporaryFolder? ownFolder, string data)
    {
        _process = process;
        _ownFolder = ownFolder;
        Data = data;
    }

    public string Data { get; }

    public string Plugins => Path.Combine(Data, "plugins");

    /// <summary>Its standard output so far.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Its log so far.</summary>
    public string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }

    public int ProcessId => _process.Id;

    public int ExitCode => _process.ExitCode;

    public IPEndPoint EndPoint => EndPoints[0];

    public IReadOnlyList<IPEndPoint> EndPoints =>
        [.. Output.Split('\n').Where(
            line => line.StartsWith(
                "Listening on ", StringComparison.Ordinal)).Select(line => IPEndPoint.Parse(line.Split(' ')[2]))];

    /// <summary>Starts the server and waits until it says that it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var server = Launch(null, arguments);
        var ended = server._process.WaitForExitAsync(cancellationToken);
        if (await Task.WhenAny(server._ready.Task, ended) == ended)
            throw new AssertionException(
                $"The server ended with exit code {server._process.ExitCode}:\n{server.Output}{server.Log}");
        return server;
    }

    /// <summary>Starts a supervised server, which restarts at the same address.</summary>
    public static Task<ServerProcess> SuperviseAsync(TemporaryFolder data, CancellationToken cancellationToken) =>
        StartAsync(
            cancellationToken,
            ["supervise", "--no-bundled-plugins", "--data", data.FullPath, "--tcp", $"127.0.0.1:{FreePort.Any()}",
                "--set", $"Chat:OperatorKey={OperatorKey}"]);

    /// <summary>Runs the server with arguments that make it end by itself.</summary>
    /// <returns>Exit code, standard output, standard error.</returns>
    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment,
        params string[] arguments)
    {
        await using var server = Launch(environment, arguments);
        await server._process.WaitForExitAsync(cancellationToken);
        return (server._process.ExitCode, server.Output, server.Log);
    }

    /// <summary>Waits until the log contains a text.</summary>
    public async Task LogsAsync(string text, CancellationToken cancellationToken)
    {
        while (true)
        {
            var more = _logged.Task;
            if (Log.Contains(text, StringComparison.Ordinal))
                return;
            try
            {
                await more.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                throw new AssertionException($"'{text}' is not in the log:\n{Log}");
            }
        }
    }

    /// <summary>How often it has printed that it is ready. A supervised server does so at each start.</summary>
    public int Starts => Output.Split('\n').Count(line => line.TrimEnd() == Ready);

    /// <summary>Waits until it has printed a number of times that it is ready.</summary>
    public async Task StartsAsync(int times, CancellationToken cancellationToken)
    {
        while (true)
        {
            var more = _logged.Task;
            if (Starts >= times)
                return;
            await more.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until it has ended by itself.</summary>
    public Task EndAsync(CancellationToken cancellationToken) => _process.WaitForExitAsync(cancellationToken);

    /// <summary>Sends a signal and waits for the end.</summary>
    /// <returns>The exit code and how long it took.</returns>
    public async Task<(int ExitCode, TimeSpan Took)> StopAsync(int signal, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        Assert.That(Kill(_process.Id, signal), Is.Zero, "the signal could be sent");
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, clock.Elapsed);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _ownFolder?.Dispose();
    }

    /// <summary>Starts the server without waiting.</summary>
    /// <param name="environment">Environment variables, besides those of the tests.</param>
    /// <param name="arguments">The server's arguments.</param>
    /// <param name="shell">A command line for bash that runs the server as <c>"$@"</c>, for limits and
    /// redirections.</param>
    public static ServerProcess Launch(
        IReadOnlyDictionary<string, string>? environment, string[] arguments, string? shell = null)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        if (OperatingSystem.IsLinux())
        {
            // A shell that runs the tests in the background makes its children ignore Ctrl-C and Ctrl-\; a terminal
            // does not.
            string[] command = ["env", "--default-signal=INT,QUIT", "dotnet"];
            if (shell is not null)
                command = ["bash", "-c", shell, "bash", .. command];
            start.FileName = command[0];
            foreach (var word in command[1..])
                start.ArgumentList.Add(word);
        }

        start.ArgumentList.Add(Repository.ServerFile);
        TemporaryFolder? folder = null;
        var data = Array.IndexOf(arguments, "--data") is >= 0 and var index ? arguments[index + 1] : "";
        if (data.Length == 0)
        {
            folder = new TemporaryFolder();
            data = folder.FullPath;
            arguments = [.. arguments, "--data", data];
        }

        if (!arguments.Contains("--tcp"))
            arguments = [.. arguments, "--tcp", "127.0.0.1:0"];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);

        // Crashes here are deliberate: no dumps.
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var server = new ServerProcess(Process.Start(start)!, folder, data);
        server._process.OutputDataReceived += (_, line) => server.Take(server._output, line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Take(server._log, line.Data);
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Sends a signal to any process.</summary>
    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int processId, int signal);

    private void Take(StringBuilder into, string? line)
    {
        if (line is null)
            return;
        lock (into)
            into.AppendLine(line);
        Interlocked.Exchange(ref _logged, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        if (line == Ready)
            _ready.TrySetResult();
    }
}
