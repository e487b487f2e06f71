using System.CommandLine;
using Chat.Server.Commands;
using Chat.Server.Configuration;

namespace Chat.Server;

/// <summary>The command line.</summary>
internal static class ServerCommand
{
    public static RootCommand Create()
    {
        var tcp = new Option<string[]>("--tcp")
        {
            Description = "Listen here; may be given several times. * is every address, [::1]:8888 IPv6, port 0 any free port. Default: 127.0.0.1:8888",
            HelpName = "HOST:PORT",
        };
        var data = new Option<string?>("--data") { Description = "The folder for everything the server keeps. Default: ./chat-data", HelpName = "DIR" };
        var plugins = new Option<string?>("--plugins") { Description = "The drop folder for plugin DLLs and .csx scripts. Default: DATA/plugins", HelpName = "DIR" };
        var noBundled = new Option<bool>("--no-bundled-plugins") { Description = "Leave out the plugins that come with the server." };
        var config = new Option<string?>("--config") { Description = "A JSON file with any of the settings.", HelpName = "FILE" };
        var set = new Option<string[]>("--set") { Description = "Any setting; may be given several times: --set Chat:MaxLagLines=100", HelpName = "SECTION:KEY=VALUE" };

        var command = new RootCommand(
            "A chat server. People come in by telnet or nc; each line goes through plugins and scripts before the room sees it.\n"
            + "Every setting can also come from the file given with --config and from the environment: CHAT_Chat__MaxLagLines=100.\n"
            + "docs/reference/configuration.md lists them all.")
        {
            tcp, data, plugins, noBundled, config, set, HooksCommand.Create(), WhyCommand.Create(), PluginCommand.Create(), SuperviseCommand.Create(),
        };
        command.Subcommands.Add(TestCommand.Create());
        command.SetAction((result, cancellationToken) => ServerProgram.RunAsync(
            new ServerArguments(
                result.GetValue(tcp) ?? [],
                result.GetValue(data),
                result.GetValue(plugins),
                result.GetValue(noBundled),
                result.GetValue(config),
                result.GetValue(set) ?? []),
            cancellationToken));
        return command;
    }
}
