using System.Net.Sockets;
using System.Text;

namespace Chat.Server.Control;

/// <summary>A Unix domain socket in the data folder, over which the running server answers its own command line: one
/// question and one answer per connection. Only the owner may connect: anyone who may read that folder may do anything
/// to the server anyway.</summary>
internal sealed class ControlSocket(string data, Func<string, string> answer, ILogger<ControlSocket> logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private readonly string _path = ControlClient.PathIn(data);
    private readonly CancellationTokenSource _stopping = new();
    private Socket? _listener;
    private Task _serving = Task.CompletedTask;

    /// <summary>Listens. If that fails, the server runs without it, and the log says what does not work.</summary>
    public void Start()
    {
        try
        {
            var endPoint = ControlClient.EndPointOf(_path);

            // A server that was killed leaves its socket behind.
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
                // The client is gone or too slow, or the server stops. If the system is short of something, trying
                // again at once would not help.
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
