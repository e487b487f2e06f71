namespace Chat.Engine.Connections;

/// <summary>What <see cref="LineReader"/> found.</summary>
/// <param name="Kind">Which of the three it is.</param>
/// <param name="Line">The line without its terminator; empty unless it is a line.</param>
internal readonly record struct LineRead(LineReadKind Kind, ReadOnlyMemory<byte> Line);

/// <summary>The things a reader of lines can find.</summary>
internal enum LineReadKind
{
    /// <summary>A line, maybe an empty one.</summary>
    Line,

    /// <summary>The end of a line that was over the limit; its bytes are gone.</summary>
    TooLong,

    /// <summary>A clean end of the input.</summary>
    End,
}
