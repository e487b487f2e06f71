using Chat.Engine.Connections;

namespace Chat.Engine.Tests.Connections;

/// <summary>Waiting, receiving and taking in one step, as a lane does it.</summary>
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
