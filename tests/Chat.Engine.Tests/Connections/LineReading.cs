using Chat.Engine.Connections;

namespace Chat.Engine.Tests.Connections;

/// <summary>Waits, receives and takes in one step, as the read loop does.</summary>
internal static class LineReading
{
    public static async ValueTask<LineRead> ReadAsync(this LineReader reader, CancellationToken cancellationToken)
    {
        LineRead read;
        while (!reader.TryRead(out read))
        {
            await reader.WaitAsync(cancellationToken);
            await reader.ReceiveAsync(cancellationToken);
        }

        return read;
    }
}
