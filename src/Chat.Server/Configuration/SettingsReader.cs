using System.Globalization;
using Chat.Engine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace Chat.Server.Configuration;

/// <summary>Gathers the settings from the file, the environment and the command line, later ones first, and refuses what is wrong by name.</summary>
internal static class SettingsReader
{
    public const string EnvironmentPrefix = "CHAT_";

    /// <summary>Reads all settings.</summary>
    /// <exception cref="SettingsException">A key is unknown or a value is wrong.</exception>
    public static ServerSettings Read(ServerArguments arguments)
    {
        var configuration = Gather(arguments);
        RefuseUnknownKeys(configuration);
        RefuseNumbersForNames(configuration);
        var settings = new ServerSettings();
        Bind(configuration, settings);
        foreach (var hook in settings.Hooks)
            settings.Chat.Hooks[hook.Key] = hook.Value;

        // Addresses on the command line take the place of the whole list, not of its first entries.
        if (arguments.Tcp.Count > 0)
            settings.Listen.Tcp.Clear();
        settings.Listen.Tcp.AddRange(arguments.Tcp);
        if (settings.Listen.Tcp.Count == 0)
            settings.Listen.Tcp.Add("127.0.0.1:8888");
        Check(configuration, "", () => ChatOptionsException.ThrowIfEmpty(settings.Data, nameof(settings.Data)));
        Check(configuration, "Chat:", settings.Chat.Validate);
        Check(configuration, "Plugins:", settings.Plugins.ToOptions(settings.Data).Validate);
        var taken = new HashSet<(string Host, int Port)>();
        foreach (var address in settings.Listen.Tcp)
        {
            var options = TcpAddress.Parse(address, settings.Tcp);
            Check(configuration, "Tcp:", options.Validate);
            if (options.Port != 0 && !taken.Add((options.Host.ToUpperInvariant(), options.Port)))
                throw new SettingsException($"Listen:Tcp: {address} is given twice.");
        }

        if (settings.Tcp.UserTimeout <= settings.Chat.SendTimeout)
            throw new SettingsException($"{Where(configuration, "Tcp:UserTimeout")} is {settings.Tcp.UserTimeout}, but must be longer than Chat:SendTimeout, {settings.Chat.SendTimeout}.");
        return settings;
    }

    private static void Check(IConfigurationRoot configuration, string section, Action validate)
    {
        try
        {
            validate();
        }
        catch (ChatOptionsException exception)
        {
            var key = exception.Option.Contains(':', StringComparison.Ordinal) ? exception.Option : section + exception.Option;
            throw new SettingsException($"{Where(configuration, key)} {exception.Problem}.{BareNumber(configuration[key], key)}");
        }
    }

    /// <summary>A bare number is a number of days, which hardly anybody means.</summary>
    private static string BareNumber(string? value, string key) =>
        int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && SettingKeys.IsTime(key)
            ? string.Create(CultureInfo.InvariantCulture, $" {number} means {number} days; {Math.Abs(number)} seconds are written {TimeSpan.FromSeconds(Math.Abs((long)number) % 86400):hh\\:mm\\:ss}.")
            : "";

    private static IConfigurationRoot Gather(ServerArguments arguments)
    {
        var builder = new ConfigurationBuilder();
        if (arguments.ConfigFile is { } file)
        {
            if (!File.Exists(file))
                throw new SettingsException($"There is no configuration file {Path.GetFullPath(file)}.");
            builder.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
        }

        builder.Add(new NamedValues("environment variable", FromEnvironment()));
        builder.Add(new NamedValues("command line", FromCommandLine(arguments)));
        try
        {
            return builder.Build();
        }
        catch (InvalidDataException exception)
        {
            var cause = exception.GetBaseException();
            var place = cause is System.Text.Json.JsonException json
                ? string.Create(CultureInfo.InvariantCulture, $"{arguments.ConfigFile}:{json.LineNumber + 1}:{json.BytePositionInLine + 1}")
                : arguments.ConfigFile;
            throw new SettingsException($"{place}: this is not valid JSON: {cause.Message.Split(" LineNumber:")[0]}");
        }
    }

    /// <summary>
    /// The variables that name a setting: <c>CHAT_</c>, then a key with <c>__</c>, or one that has no section. Others that begin so
    /// are somebody else's: an orchestrator's for a service named chat, say.
    /// </summary>
    private static Dictionary<string, string?> FromEnvironment()
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            var name = (string)variable.Key;
            if (!name.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase))
                continue;
            var key = name[EnvironmentPrefix.Length..].Replace("__", ":", StringComparison.Ordinal);
            if (key.Contains(':', StringComparison.Ordinal) || SettingKeys.IsKnown(key))
                values[key] = (string?)variable.Value;
        }

        return values;
    }

    private static Dictionary<string, string?> FromCommandLine(ServerArguments arguments)
    {
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in arguments.Set)
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new SettingsException($"--set {pair}: write it as --set Section:Key=value");
            values[pair[..equals].Trim()] = pair[(equals + 1)..];
        }

        if (arguments.Data is { } data)
            values["Data"] = data;
        if (arguments.Plugins is { } plugins)
            values["Plugins:Folder"] = plugins;
        if (arguments.NoBundledPlugins)
            values["Plugins:Bundled"] = "false";
        return values;
    }

    private static void RefuseUnknownKeys(IConfigurationRoot configuration)
    {
        foreach (var (key, value) in configuration.AsEnumerable().Reverse())
        {
            var isSection = string.IsNullOrEmpty(value) && SettingKeys.IsSection(key);
            if (isSection || SettingKeys.IsKnown(key))
                continue;
            throw new SettingsException($"There is no setting {Where(configuration, key)}. {Advice(key)}");
        }
    }

    /// <summary>The binder takes any number for a name of an enumeration.</summary>
    private static void RefuseNumbersForNames(IConfigurationRoot configuration)
    {
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            if (value is not null && int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) && SettingKeys.IsEnum(key))
                throw new SettingsException($"{Where(configuration, key)} cannot be '{value}'. {SettingKeys.Expected(key)}");
        }
    }

    private static string Advice(string key)
    {
        if (key.EndsWith(':'))
            return "It ends with a colon: write Section:Key=value.";
        if (SettingKeys.IsList(key))
            return $"It is a list: write {key}:0, {key}:1 and so on.";
        if (SettingKeys.IsSection(key))
            return "It is a section, and has settings of its own.";
        return SettingKeys.Nearest(key) is { } nearest ? $"Did you mean {nearest}?" : "docs/reference/configuration.md lists all there are.";
    }

    private static void Bind(IConfigurationRoot configuration, ServerSettings settings)
    {
        try
        {
            configuration.Bind(settings, options => options.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException exception)
        {
            // The binder names the key and the value, on one of the levels: "Failed to convert configuration value 'x' at 'A:B' to type 'T'."
            var messages = "";
            for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
                messages += cause.Message;
            var key = configuration.AsEnumerable().Select(pair => pair.Key).FirstOrDefault(each => messages.Contains($"'{each}'", StringComparison.OrdinalIgnoreCase));
            throw new SettingsException(key is null
                ? exception.GetBaseException().Message
                : $"{Where(configuration, key)} cannot be '{configuration[key]}'. {SettingKeys.Expected(key)}");
        }
    }

    /// <summary>A key with where it was set.</summary>
    private static string Where(IConfigurationRoot configuration, string key)
    {
        foreach (var provider in configuration.Providers.Reverse())
        {
            if (!provider.TryGet(key, out _))
                continue;
            return provider switch
            {
                JsonConfigurationProvider json => $"{key} (in {json.Source.Path})",
                NamedValues.Provider { Name: "command line" } => $"{key} (command line)",
                _ => $"{key} (environment variable {EnvironmentPrefix}{key.Replace(":", "__", StringComparison.Ordinal)})",
            };
        }

        return key;
    }
}
