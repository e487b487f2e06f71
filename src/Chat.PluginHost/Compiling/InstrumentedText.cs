using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Chat.PluginHost.Compiling;

/// <summary>A source with checks in it that passes for the file it was made from: the PDB has that file's checksum, so debuggers take it.</summary>
internal sealed class InstrumentedText(SourceText original, string text) : SourceText(original.GetChecksum(), original.ChecksumAlgorithm)
{
    public override Encoding? Encoding => original.Encoding;

    public override int Length => text.Length;

    public override char this[int position] => text[position];

    public override void CopyTo(int sourceIndex, char[] destination, int destinationIndex, int count) =>
        text.CopyTo(sourceIndex, destination, destinationIndex, count);

    public override string ToString(TextSpan span) => text.Substring(span.Start, span.Length);
}
