using System.Security.Cryptography;
using System.Text;
using Chat.Server.Configuration;

namespace Chat.Server;

/// <summary>
/// The key that makes a person in the chat an operator. Unless it is configured it is drawn once and lies in the data folder, readable by
/// its owner alone: who may read that folder may do anything to the server anyway.
/// </summary>
internal static class OperatorKey
{
    public const string FileName = "operator.key";

    /// <summary>Reads the key, or draws it.</summary>
    /// <param name="data">The data folder, which is there.</param>
    /// <exception cref="SettingsException">The file can be neither read nor made, or holds no key.</exception>
    public static string ReadOrDraw(string data)
    {
        var file = Path.Combine(data, FileName);
        try
        {
            if (File.Exists(file))
                return File.ReadAllText(file).Trim();
            var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            Write(file, options, key);
            return key;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SettingsException($"The operator's key cannot be kept in {file}: {exception.Message} Mend that, or set Chat:OperatorKey.");
        }
    }

    private static void Write(string file, FileStreamOptions options, string key)
    {
        using var stream = new FileStream(file, options);
        try
        {
            stream.Write(Encoding.ASCII.GetBytes($"{key}\n"));
            stream.Flush();
        }
        catch (IOException)
        {
            // An empty file would be taken for a key next time.
            File.Delete(file);
            throw;
        }
    }
}
