using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Console;

namespace Chat.Server;

/// <summary>Composes the parts and runs them. No logic lives here.</summary>
internal static class ServerProgram
{
    /// <summary>Runs the server until it is told to stop.</summary>
    /// <returns>The exit code: 0 after a stop, 1 if the server could not start.</returns>
    public static async Task<int> RunAsync(ServerArguments arguments, CancellationToken cancellationToken)
    {
        CrashJournal? journal = null;
        DataFolder? data = null;

        // Not disposed: a signal may still arrive at the very end.
        var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var signals = new StopSignals(stopping.Cancel);
        try
        {
            var settings = SettingsReader.Read(arguments);
            data = DataFolder.Take(settings.Data);
            var key = OperatorKey.Of(settings);
            settings.Chat.OperatorKey = key.Value;
            using var host = Compose(settings, key);
            key.Report(host.Services.GetRequiredService<ILogger<OperatorKey>>());
            settings.Chat.CrashJournal = journal =
                CrashFiles.OpenJournal(settings.Data, host.Services.GetRequiredService<ILogger<CrashJournal>>());
            var plugins = host.Services.GetRequiredService<PluginDirectory>();
            ExceptionHandling.SetUnhandledExceptionHandler(plugins.Contain);
            using var unasked = new UnaskedExit(plugins.NoteExit, UnaskedExit.ServerExitCode);
            _ = Supervisor.StopWithAsync(stopping);
            await host.RunAsync(stopping.Token).ConfigureAwait(false);
            return 0;
        }
        catch (OperationCanceledException)
        {
            // Told to stop before it was ready.
            return 0;
        }
        catch (Exception exception)
            when (exception is SettingsException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"chat-server: {exception.Message}").ConfigureAwait(false);
            return 1;
        }
        finally
        {
            // In this order: the next server in this folder must find that this run has ended well.
            journal?.Close();
            data?.Dispose();
        }
    }

    internal static IHost Compose(ServerSettings settings, OperatorKey key)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new() { ApplicationName = "chat-server" });
        AddLogging(builder.Logging, settings.Logging);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(
            host => host.ShutdownTimeout = settings.Chat.StopTimeout + TimeSpan.FromSeconds(1.5));

        var plugins = settings.Plugins.ToOptions(settings.Data);
        DataFolder.Make("Plugins:Folder", plugins.Folder);
        DataFolder.Make("Data", plugins.ShadowFolder);
        plugins.QuarantineFile = CrashFiles.Quarantine(settings.Data);
        var listeners = settings.Listen.Tcp.SelectMany(address => TcpAddress.Parse(address, settings.Tcp))
            .Select(options => new ReservedListener(options)).ToList();
        foreach (var listener in listeners)
            settings.Chat.Listeners.Add(new ChatListener(listener) { Layers = { new TelnetLayer() } });
        builder.Services.AddSingleton(services =>
        {
            settings.Chat.LoggerFactory = services.GetRequiredService<ILoggerFactory>();
            return new ChatServer(settings.Chat);
        });
        builder.Services.AddSingleton(services =>
        {
            plugins.CrashJournal = (CrashJournal?)settings.Chat.CrashJournal;
            plugins.LoggerFactory = services.GetRequiredService<ILoggerFactory>();
            return new PluginDirectory(services.GetRequiredService<ChatServer>(), plugins);
        });
        builder.Services.AddHostedService(services =>
        {
            var server = services.GetRequiredService<ChatServer>();
            var control = new ControlSocket(
                settings.Data, question => WhyQuestion.Answer(server, settings.Chat.TracedLines, question),
                services.GetRequiredService<ILogger<ControlSocket>>());
            var banner = new Banner(Version, plugins.Folder, key.File, Console.Out);
            var directory = services.GetRequiredService<PluginDirectory>();
            return new ChatHostedService(server, listeners, directory, control, banner);
        });
        builder.Services.AddHostedService(_ => new MemoryReturn(TimeProvider.System));
        return builder.Build();
    }

    private static void AddLogging(ILoggingBuilder logging, LoggingSettings settings)
    {
        var wantsColors = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        var hasColors = wantsColors && !Console.IsErrorRedirected;
        logging.Services.AddSingleton<ConsoleFormatter>(new LogFormatter(TimeProvider.System, hasColors));
        logging.AddConsole(console =>
        {
            console.FormatterName = LogFormatter.FormatterName;
            console.LogToStandardErrorThreshold = LogLevel.Trace;

            // A terminal that nobody reads must not block the chat.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        logging.AddFilter("Microsoft", LogLevel.Warning);

        // RunAsync reports what prevents the start, once and in a sentence.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        foreach (var (category, level) in settings.LogLevel)
            logging.AddFilter(category == "Default" ? null : category, level);
    }

    private static string Version =>
        typeof(ServerProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>() is { } version
            ? version.InformationalVersion.Split('+')[0]
            : "";
}
