using System.Text;
using Microsoft.CodeAnalysis.Text;

namespace Chat.PluginHost.Compiling.Instrumentation;

/// <summary>Edits of one source text, none of which adds a line. They are given from the outside in, in the order in
/// which a walk through the syntax tree visits the nodes.</summary>
internal sealed class InstrumentationEdits
{
    private readonly List<Edit> _edits = [];

    public void Around(TextSpan span, string before, string after)
    {
        Replace(new TextSpan(span.Start, 0), before);
        Close(span.End, after);
    }

    /// <summary>Inserts a text at a position, after the texts inserted there so far.</summary>
    public void Insert(int position, string text) => Replace(new TextSpan(position, 0), text);

    public void Replace(TextSpan span, string text) =>
        _edits.Add(new Edit(span.Start, _edits.Count + 1, span.Length, text));

    /// <summary>Inserts a closing text before those at that position: what was opened last is closed first.</summary>
    public void Close(int position, string text) => _edits.Add(new Edit(position, -_edits.Count - 1, 0, text));

    public InstrumentedText Apply(SourceText original)
    {
        var source = original.ToString();
        var edited = new StringBuilder(source.Length * 2);
        var done = 0;
        foreach (var edit in _edits.OrderBy(edit => edit.Position).ThenBy(edit => edit.Rank))
        {
            edited.Append(source, done, edit.Position - done).Append(edit.Text);
            done = edit.Position + edit.Length;
        }

        edited.Append(source, done, source.Length - done);
        return new InstrumentedText(original, edited.ToString());
    }

    private readonly record struct Edit(int Position, int Rank, int Length, string Text);
}
