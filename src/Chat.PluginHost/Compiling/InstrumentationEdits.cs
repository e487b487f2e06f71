using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Chat.PluginHost.Compiling;

/// <summary>Changes to one source, none of which adds a line. They are given from the outside in, as a walk through the tree meets them.</summary>
internal sealed class InstrumentationEdits
{
    private readonly List<Edit> _edits = [];

    /// <summary>Puts a text before and one after a part of the source.</summary>
    public void Around(TextSpan span, string before, string after)
    {
        Replace(new TextSpan(span.Start, 0), before);
        Close(span.End, after);
    }

    /// <summary>Puts a text at a place, after what has been put there so far.</summary>
    public void Insert(int position, string text) => Replace(new TextSpan(position, 0), text);

    /// <summary>Puts a text in the place of a part of the source.</summary>
    public void Replace(TextSpan span, string text) => _edits.Add(new Edit(span.Start, _edits.Count + 1, span.Length, text));

    /// <summary>Puts a text at the end of something, before what has been put there so far: what began last ends first.</summary>
    public void Close(int position, string text) => _edits.Add(new Edit(position, -_edits.Count - 1, 0, text));

    /// <summary>The source with the changes in it.</summary>
    public InstrumentedText Apply(SourceText original)
    {
        var source = original.ToString();
        var woven = new StringBuilder(source.Length * 2);
        var done = 0;
        foreach (var edit in _edits.OrderBy(edit => edit.Position).ThenBy(edit => edit.Rank))
        {
            woven.Append(source, done, edit.Position - done).Append(edit.Text);
            done = edit.Position + edit.Length;
        }

        woven.Append(source, done, source.Length - done);
        return new InstrumentedText(original, woven.ToString());
    }

    private readonly record struct Edit(int Position, int Rank, int Length, string Text);
}
