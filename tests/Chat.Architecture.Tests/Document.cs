using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Chat.Architecture.Tests;

/// <summary>One document of the repository, parsed as GitHub does.</summary>
internal sealed class Document
{
    private static readonly MarkdownPipeline _pipeline =
        new MarkdownPipelineBuilder().UsePipeTables().UseAutoIdentifiers(AutoIdentifierOptions.GitHub).Build();

    private readonly string _file;
    private readonly MarkdownDocument _content;

    public Document(string file)
    {
        _file = file;
        _content = Markdown.Parse(File.ReadAllText(file), _pipeline);
    }

    /// <summary>The documents that people write; not those that the benchmarks write.</summary>
    public static IEnumerable<string> Files { get; } =
        [.. Source.Everywhere("*.md").Where(file => !file.Contains("/bench/results/", StringComparison.Ordinal))];

    /// <summary>What stands in backticks.</summary>
    public IEnumerable<string> Code => _content.Descendants<CodeInline>().Select(code => code.Content);

    /// <summary>The links to other files, or to a heading of this one, that lead nowhere.</summary>
    public IEnumerable<string> BrokenLinks => Links.Where(link => !Leads(link));

    private IEnumerable<string> Links =>
        from link in _content.Descendants<LinkInline>()
        where link.Url is not null && !Uri.TryCreate(link.Url, UriKind.Absolute, out _)
        select link.Url;

    private IEnumerable<string?> Headings =>
        _content.Descendants<HeadingBlock>().Select(heading => heading.GetAttributes().Id);

    private bool Leads(string link)
    {
        var (path, heading) = link.Split('#') is [var before, var after] ? (before, after) : (link, null);
        var target = path.Length == 0 ? _file : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(_file)!, path));
        return heading is null
            ? Path.Exists(target)
            : File.Exists(target) && new Document(target).Headings.Contains(heading);
    }
}
