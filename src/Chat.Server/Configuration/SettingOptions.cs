using System.CommandLine;

namespace Chat.Server.Configuration;

/// <summary>The command-line options that stand for settings. A command takes those that concern it.</summary>
internal sealed class SettingOptions
{
    /// <summary>The setting that <see cref="Plugins"/> stands for.</summary>
    public const string PluginsKey = "Plugins:Folder";

    public Option<string[]> Tcp { get; } = new("--tcp")
    {
        Description = "An address to listen on; may be given several times. "
            + "* is every address, [::1]:8888 is IPv6, port 0 is any free port. Default: 127.0.0.1:8888",
        HelpName = "HOST:PORT",
    };

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "The folder for everything the server keeps. Default: ./chat-data",
        HelpName = "DIR",
    };

    public Option<string?> Plugins { get; } = new("--plugins")
    {
        Description = "The folder to drop plugin DLLs and .csx scripts into. Default: DATA/plugins",
        HelpName = "DIR",
    };

    public Option<bool> NoBundledPlugins { get; } = new("--no-bundled-plugins")
    {
        Description = "Do not load the plugins that come with the server.",
    };

    public Option<string?> Config { get; } = new("--config")
    {
        Description = "A JSON file with any of the settings.",
        HelpName = "FILE",
    };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Any setting; may be given several times: --set Chat:MaxLagLines=100",
        HelpName = "SECTION:KEY=VALUE",
    };

    /// <summary>Reads a command line. Options that its command does not take are as if not given.</summary>
    public ServerArguments Read(ParseResult result) => new(
        result.GetValue(Tcp) ?? [], result.GetValue(Config),
        [
            .. result.GetValue(Set) ?? [],
            .. result.GetValue(Data) is { } data ? (string[])[$"Data={data}"] : [],
            .. result.GetValue(Plugins) is { } plugins ? (string[])[$"{PluginsKey}={plugins}"] : [],
            .. result.GetValue(NoBundledPlugins) ? (string[])["Plugins:Bundled=false"] : [],
        ]);
}
