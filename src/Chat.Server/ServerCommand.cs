using System.CommandLine;

namespace Chat.Server;

/// <summary>The command line.</summary>
internal static class ServerCommand
{
    public static RootCommand Create()
    {
        var options = new SettingOptions();
        var command = new RootCommand(
            "A chat server. People connect with telnet or nc; "
            + "each line passes plugins and scripts before the room sees it.\n"
            + "Every setting can also come from the file given with --config "
            + "or from the environment: CHAT_Chat__MaxLagLines=100.\n"
            + "docs/reference/configuration.md lists all settings.")
        {
            options.Tcp, options.Data, options.Plugins, options.NoBundledPlugins, options.Config, options.Set,
            HooksCommand.Create(options), WhyCommand.Create(options), PluginCommand.Create(options),
            SuperviseCommand.Create(), TestCommand.Create(options),
        };
        command.SetAction((result, cancellationToken) =>
            ServerProgram.RunAsync(options.Read(result), cancellationToken));
        return command;
    }
}
