using System.Net.Sockets;
using System.Text;

namespace Chat.Server.Control;

/// <summary>Asks the running server a question over the socket in its data folder.</summary>
internal static class ControlClient
{
    /// <summary>How long each side waits for the other.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private const int MaxQuestionBytes = 1024;

    public static string PathIn(string data) => Path.GetFullPath(Path.Combine(data, "control.sock"));

    /// <exception cref="IOException">The path is too long for the system.</exception>
    public static UnixDomainSocketEndPoint EndPointOf(string path)
    {
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentOutOfRangeException)
        {
            throw new IOException("The path is too long for a socket. Move the data folder nearer to the root.");
        }
    }

    /// <summary>Asks the server that uses a data folder.</summary>
    /// <exception cref="SettingsException">There is no answer. The message says what to do.</exception>
    public static async Task<string> AskAsync(string data, string question, CancellationToken cancellationToken)
    {
        var path = PathIn(data);
        try
        {
            using var socket = await ConnectAsync(path, cancellationToken).ConfigureAwait(false);
            using var stream = new NetworkStream(socket, ownsSocket: false);
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"{question}\n"), cancellationToken).ConfigureAwait(false);
            using var reader = new StreamReader(stream, Encoding.UTF8);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(Patience);
            return await reader.ReadToEndAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SettingsException($"The server at {path} does not answer.");
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new SettingsException($"You may not ask the server at {path}. Only the user that it runs as may.");
        }
        catch (SocketException)
        {
            throw new SettingsException(
                $"No server is using the data folder {Path.GetFullPath(data)}. "
                + "If yours uses another one, name it with --data.");
        }
    }

    /// <summary>Reads one line.</summary>
    /// <exception cref="IOException">The line has no end or is too long.</exception>
    public static async Task<string> ReadQuestionAsync(Stream stream, CancellationToken cancellationToken)
    {
        var question = new byte[MaxQuestionBytes];
        for (var length = 0; length < question.Length;)
        {
            var read = await stream.ReadAsync(question.AsMemory(length), cancellationToken).ConfigureAwait(false);
            if (read == 0)
                throw new IOException("The question has no end.");
            length += read;
            if (Array.IndexOf(question, (byte)'\n', 0, length) is >= 0 and var end)
                return Encoding.UTF8.GetString(question, 0, end).Trim();
        }

        throw new IOException("The question is too long.");
    }

    private static async Task<Socket> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(EndPointOf(path), cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
