namespace Chat.Engine.Connections;

/// <summary>What <see cref="LineReader"/> has found.</summary>
/// <param name="Kind">Which of the kinds it is.</param>
/// <param name="Line">The line without its end; empty unless <paramref name="Kind"/> is a line.</param>
internal readonly record struct LineRead(LineReadKind Kind, ReadOnlyMemory<byte> Line);

/// <summary>The kinds of things that a line reader finds.</summary>
internal enum LineReadKind
{
    /// <summary>A line, possibly an empty one.</summary>
    Line,

    /// <summary>The end of a line that was over the limit; its bytes have been thrown away.</summary>
    TooLong,

    /// <summary>The input has ended cleanly.</summary>
    End,

    /// <summary>The client is not to be served; <see cref="LineReader.Refusal"/> says why.</summary>
    Refused,
}
