using System.Text.RegularExpressions;

namespace Chat.Scenes.Language;

/// <summary>A pattern for lines: <c>*</c> stands for any characters, except for the stars that begin an action or a
/// notice (<c>* ann waves</c>, <c>*** bob joined tea</c>). <c>\*</c> is always a star. Spaces at the end are
/// ignored.</summary>
internal sealed partial class LinePattern
{
    private readonly string _text;
    private readonly Regex _regex;

    public LinePattern(string text)
    {
        _text = text.TrimEnd();
        var head = Head().Match(_text).Length;
        var rest = _text[head..].Replace(@"\*", "\0", StringComparison.Ordinal).Split('*')
            .Select(part => Regex.Escape(part.Replace('\0', '*')));
        _regex = new Regex(
            $"^{Regex.Escape(_text[..head])}{string.Join(".*", rest)}\\z",
            RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
    }

    public bool Matches(string line) => _regex.IsMatch(line.TrimEnd());

    public override string ToString() => _text;

    [GeneratedRegex(@"^(\[\S+\] )?(\*|\*\*\*) ")]
    private static partial Regex Head();
}
