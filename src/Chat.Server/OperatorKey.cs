using System.Security.Cryptography;
using System.Text;

namespace Chat.Server;

/// <summary>The key that makes a person in the chat an operator. Unless one is configured, it is drawn once and kept in
/// the data folder, readable by its owner only: anyone who may read that folder may do anything to the server
/// anyway.</summary>
internal sealed partial class OperatorKey
{
    public const string FileName = "operator.key";

    private const int ShortestKey = 8;

    private readonly string? _problem;

    private OperatorKey(string? value, string? file, string? problem) =>
        (Value, File, _problem) = (value, file, problem);

    /// <summary>The key; <see langword="null"/> if there is none: then nobody can become an operator.</summary>
    public string? Value { get; }

    /// <summary>The file it is kept in; <see langword="null"/> if it is configured, or there is none.</summary>
    public string? File { get; }

    /// <summary>Reads the key, or draws one. The data folder must exist.</summary>
    /// <remarks>If the file can be neither read nor written, on a full disk for example, there is no key.</remarks>
    /// <exception cref="SettingsException">The file holds something that is too short for a key.</exception>
    public static OperatorKey Of(ServerSettings settings)
    {
        if (settings.Chat.OperatorKey is { } configured)
            return new OperatorKey(configured, null, null);
        var file = Path.GetFullPath(Path.Combine(settings.Data, FileName));
        try
        {
            return new OperatorKey(ReadOrDraw(file), file, null);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new OperatorKey(null, null, $"The operator's key cannot be kept in {file}: {exception.Message}");
        }
    }

    /// <summary>Logs why nobody can become an operator, if so.</summary>
    public void Report(ILogger logger)
    {
        if (_problem is not null)
            NoOperators(logger, _problem);
    }

    private static string ReadOrDraw(string file)
    {
        // An empty file is left behind when the machine stops before the key is on the disk.
        if (System.IO.File.Exists(file) && System.IO.File.ReadAllText(file).Trim() is { Length: > 0 } key)
        {
            return key.Length >= ShortestKey ? key : throw new SettingsException(
                $"The operator's key in {file} is too short: it must have at least {ShortestKey} characters. "
                + "Write a longer one, or delete the file, and the server makes a new one.");
        }

        key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);
        stream.Write(Encoding.ASCII.GetBytes($"{key}\n"));
        return key;
    }

    [LoggerMessage(1, LogLevel.Warning,
        "Nobody can become an operator. {Problem} Correct that and start the server again, or set Chat:OperatorKey.")]
    private static partial void NoOperators(ILogger logger, string problem);
}
