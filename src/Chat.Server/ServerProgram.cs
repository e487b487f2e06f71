using System.Reflection;
using System.Runtime.ExceptionServices;
using Chat.Engine;
using Chat.PluginHost;
using Chat.PluginHost.Crashes;
using Chat.Server.Configuration;
using Chat.Server.Control;
using Chat.Server.Crashes;
using Chat.Server.Memory;
using Chat.Transport.Tcp;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Chat.Server;

/// <summary>Puts the parts together and runs them. No logic lives here.</summary>
internal static class ServerProgram
{
    /// <summary>Runs the server until it is told to stop.</summary>
    /// <returns>The exit code: 0 after a stop, 1 when it could not start.</returns>
    public static async Task<int> RunAsync(ServerArguments arguments, CancellationToken cancellationToken)
    {
        CrashJournal? journal = null;
        DataFolder? data = null;
        try
        {
            var settings = SettingsReader.Read(arguments);
            data = DataFolder.Take(settings.Data);
            using var host = Compose(settings);
            settings.Chat.CrashJournal = journal =
                CrashFiles.OpenJournal(settings.Data, host.Services.GetRequiredService<ILogger<CrashJournal>>());
            var plugins = host.Services.GetRequiredService<PluginDirectory>();
            ExceptionHandling.SetUnhandledExceptionHandler(plugins.Contain);
            using var unasked = new UnaskedExit(plugins.NoteExit, UnaskedExit.ServerExitCode);
            using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _ = Supervisor.StopWithAsync(stopping);
            await host.RunAsync(stopping.Token).ConfigureAwait(false);
            return 0;
        }
        catch (OperationCanceledException)
        {
            // Told to stop before it was ready.
            return 0;
        }
        catch (Exception exception) when (exception is SettingsException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            await Console.Error.WriteLineAsync($"chat-server: {exception.Message}").ConfigureAwait(false);
            return 1;
        }
        finally
        {
            // In this order: who takes the folder next must find that this run has ended well.
            journal?.Close();
            data?.Dispose();
        }
    }

    internal static IHost Compose(ServerSettings settings)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "chat-server" });
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
        });
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

        // What keeps the server from starting is said once, in a sentence, by RunAsync.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        foreach (var (category, level) in settings.Logging.LogLevel)
            builder.Logging.AddFilter(category == "Default" ? null : category, level);
        builder.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;

            // A terminal that is not read must not hold up the chat.
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = settings.Chat.StopTimeout + TimeSpan.FromSeconds(1.5));

        var plugins = settings.Plugins.ToOptions(settings.Data);
        DataFolder.Make("Plugins:Folder", plugins.Folder);
        DataFolder.Make("Data", plugins.ShadowFolder);
        var keyFile = settings.Chat.OperatorKey is null ? Path.GetFullPath(Path.Combine(settings.Data, OperatorKey.FileName)) : null;
        settings.Chat.OperatorKey ??= OperatorKey.ReadOrDraw(settings.Data);
        settings.Chat.Validate();
        plugins.QuarantineFile = CrashFiles.Quarantine(settings.Data);
        builder.Services.AddSingleton(services =>
        {
            settings.Chat.LoggerFactory = services.GetRequiredService<ILoggerFactory>();
            foreach (var address in settings.Listen.Tcp)
                settings.Chat.ListenTcp(TcpAddress.Parse(address, settings.Tcp));
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
                settings.Data, question => WhyQuestion.Answer(server, settings.Chat.TracedLines, question), services.GetRequiredService<ILogger<ControlSocket>>());
            return new ChatHostedService(
                server, services.GetRequiredService<PluginDirectory>(), control, new Banner(Version, plugins.Folder, keyFile, Console.Out));
        });
        builder.Services.AddHostedService(_ => new MemoryReturn(TimeProvider.System));
        return builder.Build();
    }

    private static string Version =>
        typeof(ServerProgram).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
