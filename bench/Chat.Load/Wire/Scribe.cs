using System.Buffers.Text;

namespace Chat.Load.Wire;

/// <summary>Writes one after the other into a span.</summary>
internal ref struct Scribe(Span<byte> output)
{
    private readonly Span<byte> _output = output;

    public int Length { get; private set; }

    public readonly ReadOnlySpan<byte> Written => _output[..Length];

    public void Add(scoped ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_output[Length..]);
        Length += bytes.Length;
    }

    public void Add(int number)
    {
        Utf8Formatter.TryFormat(number, _output[Length..], out var written);
        Length += written;
    }
}
