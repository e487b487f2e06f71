using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Chat.Server.Control;

/// <summary>
/// A Unix domain socket in the data folder, on which the running server answers its own command line: one question and one answer for each
/// connection. Whoever may write to the socket may ask, and that is the owner alone: who may read that folder may do anything to the server anyway.
/// </summary>
internal sealed class ControlSocket(string data, Func<string, string> answer, ILogger<ControlSocket> logger) : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly string _path = ControlClient.PathIn(data);
    private readonly CancellationTokenSource _stopping = new();
    private Socket? _listener;
    private Task _serving = Task.CompletedTask;

    /// <summary>Listens. A server that cannot is a server all the same: the log says what does not work then.</summary>
    public void Start()
    {
        try
        {
            var endPoint = ControlClient.EndPointOf(_path);
            // What a server that was killed has left behind.
            File.Delete(_path);
            _listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            _listener.Bind(endPoint);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            _listener.Listen();
            _serving = ServeAsync(_listener, _stopping.Token);
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            ControlLog.NotServed(logger, _path, exception.Message);
            _listener?.Dispose();
            _listener = null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _serving.ConfigureAwait(false);
        _stopping.Dispose();
        if (_listener is null)
            return;
        _listener.Dispose();
        try
        {
            File.Delete(_path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next start replaces it.
        }
    }

    private async Task ServeAsync(Socket listener, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                using var asking = await listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
                await AnswerAsync(asking, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is SocketException or IOException or OperationCanceledException)
            {
                // Whoever asked has gone, or has taken too long, or the server stops. A system that is short of something is not asked again at once.
                await Task.Delay(_pause, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private async Task AnswerAsync(Socket asking, CancellationToken cancellationToken)
    {
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        hurry.CancelAfter(ControlClient.Patience);
        using var stream = new NetworkStream(asking, ownsSocket: false);
        var question = await ControlClient.ReadQuestionAsync(stream, hurry.Token).ConfigureAwait(false);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(answer(question)), hurry.Token).ConfigureAwait(false);
    }
}
