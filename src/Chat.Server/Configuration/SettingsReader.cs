using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Json;

namespace Chat.Server.Configuration;

/// <summary>Gathers the settings from the file, the environment and the command line, where later ones override earlier
/// ones. A wrong setting is refused by name.</summary>
internal static class SettingsReader
{
    public const string EnvironmentPrefix = "CHAT_";

    /// <summary>Editors look up the file's schema by this key.</summary>
    private const string Schema = "$schema";

    /// <summary>Reads all settings.</summary>
    /// <exception cref="SettingsException">A key is unknown or a value is wrong.</exception>
    public static ServerSettings Read(ServerArguments arguments)
    {
        var configuration = Gather(arguments);
        RefuseUnknownKeys(configuration);
        RefuseWrongValues(configuration);
        var settings = new ServerSettings();
        configuration.Bind(settings);
        foreach (var hook in settings.Hooks)
            settings.Chat.Hooks[hook.Key] = hook.Value;

        // Addresses on the command line replace the whole list, not only its first entries.
        if (arguments.Tcp.Count > 0)
            settings.Listen.Tcp.Clear();
        settings.Listen.Tcp.AddRange(arguments.Tcp);
        if (settings.Listen.Tcp.Count == 0)
            settings.Listen.Tcp.Add("127.0.0.1:8888");
        Check(configuration, "", () => ChatOptionsException.ThrowIfEmpty(settings.Data, nameof(settings.Data)));
        Check(configuration, "Chat:", settings.Chat.Validate);
        Check(configuration, "Plugins:", settings.Plugins.ToOptions(settings.Data).Validate);
        CheckAddresses(configuration, settings);
        if (settings.Tcp.UserTimeout <= settings.Chat.SendTimeout)
        {
            throw new SettingsException(
                $"{Where(configuration, "Tcp:UserTimeout")} is {settings.Tcp.UserTimeout}, "
                + $"but must be longer than Chat:SendTimeout, {settings.Chat.SendTimeout}.");
        }

        return settings;
    }

    private static void CheckAddresses(IConfigurationRoot configuration, ServerSettings settings)
    {
        var taken = new HashSet<(string Host, int Port)>();
        foreach (var address in settings.Listen.Tcp)
        {
            foreach (var options in TcpAddress.Parse(address, settings.Tcp))
            {
                Check(configuration, "Tcp:", options.Validate);
                if (options.Port != 0 && !taken.Add((options.Host.ToUpperInvariant(), options.Port)))
                    throw new SettingsException($"Listen:Tcp: {address} is given twice.");
            }
        }
    }

    private static void Check(IConfigurationRoot configuration, string section, Action validate)
    {
        try
        {
            validate();
        }
        catch (ChatOptionsException exception)
        {
            var option = exception.Option;
            var key = option.Contains(':', StringComparison.Ordinal) ? option : section + option;
            throw new SettingsException(
                $"{Where(configuration, key)} {exception.Problem}.{BareNumber(configuration[key], key)}");
        }
    }

    /// <summary>A bare number is a number of days, which hardly anybody means.</summary>
    private static string BareNumber(string? value, string key)
    {
        if (!SettingKeys.IsTime(key)
            || !int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            return "";
        var seconds = TimeSpan.FromSeconds(Math.Abs((long)number) % 86400);
        return string.Create(
            CultureInfo.InvariantCulture,
            $" {number} means {number} days; {Math.Abs((long)number)} seconds are written {seconds:hh\\:mm\\:ss}.");
    }

    private static IConfigurationRoot Gather(ServerArguments arguments)
    {
        var builder = new ConfigurationBuilder();
        if (arguments.ConfigFile is { } file)
        {
            if (!File.Exists(file))
                throw new SettingsException($"There is no configuration file {Path.GetFullPath(file)}.");
            builder.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
        }

        builder.AddInMemoryCollection(FromEnvironment()).AddInMemoryCollection(FromCommandLine(arguments));
        try
        {
            return builder.Build();
        }
        catch (InvalidDataException exception)
        {
            var cause = exception.GetBaseException();
            var place = cause is System.Text.Json.JsonException json
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"{arguments.ConfigFile}:{json.LineNumber + 1}:{json.BytePositionInLine + 1}")
                : arguments.ConfigFile;

            // The library appends the position, counted from zero.
            throw new SettingsException($"{place}: this is not valid JSON: {cause.Message.Split(" LineNumber:")[0]}");
        }
    }

    /// <summary>The variables that name a setting: <c>CHAT_</c>, then a key with <c>__</c> for each colon, or a key
    /// that has no section. Other variables with this prefix belong to somebody else, such as an orchestrator with a
    /// service named chat.</summary>
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

        return values;
    }

    private static void RefuseUnknownKeys(IConfigurationRoot configuration)
    {
        foreach (var (key, value) in configuration.AsEnumerable().Reverse())
        {
            var isSection = string.IsNullOrEmpty(value) && SettingKeys.IsSection(key);
            if (isSection || SettingKeys.IsKnown(key) || key == Schema)
                continue;
            throw new SettingsException($"There is no setting {Where(configuration, key)}. {Advice(key)}");
        }
    }

    private static void RefuseWrongValues(IConfigurationRoot configuration)
    {
        foreach (var (key, value) in configuration.AsEnumerable())
        {
            if (value is null || !SettingKeys.IsKnown(key) || SettingKeys.Accepts(key, value))
                continue;
            throw new SettingsException(
                $"{Where(configuration, key)} cannot be '{value}'. {SettingKeys.Expected(key)}");
        }
    }

    private static string Advice(string key)
    {
        if (key.EndsWith(':'))
            return "It ends with a colon: write Section:Key=value.";
        if (SettingKeys.IsList(key))
            return $"It is a list: write {key}:0, {key}:1 and so on.";
        if (SettingKeys.IsSection(key))
            return "It is a section with settings of its own.";
        return SettingKeys.Nearest(key) is { } nearest
            ? $"Did you mean {nearest}?"
            : "docs/reference/configuration.md lists all settings.";
    }

    /// <summary>A key, and where it was set.</summary>
    private static string Where(IConfigurationRoot configuration, string key)
    {
        var variable = $"{EnvironmentPrefix}{key.Replace(":", "__", StringComparison.Ordinal)}";
        var source = configuration.Providers.LastOrDefault(provider => provider.TryGet(key, out _));
        return source is null ? key
            : source is JsonConfigurationProvider json ? $"{key} (in {json.Source.Path})"
            : source == configuration.Providers.Last() ? $"{key} (command line)"
            : $"{key} (environment variable {variable})";
    }
}
