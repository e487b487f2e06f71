using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Chat.PluginHost.Compiling;

/// <summary>Finds the files a script loads, and reads each once: the text that is compiled, instrumented and hashed is
/// the same. One caller at a time.</summary>
internal sealed class ScriptFiles : SourceReferenceResolver
{
    private readonly SourceFileResolver _places;
    private readonly Dictionary<string, SourceText> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);
    private readonly List<BadByte> _notUtf8 = [];

    public ScriptFiles(string folder) => _places = new SourceFileResolver([], folder);

    private ScriptFiles(ScriptFiles read, IReadOnlyDictionary<string, SourceText> texts)
    {
        _places = read._places;
        _texts = new Dictionary<string, SourceText>(texts, StringComparer.Ordinal);
    }

    public IReadOnlyDictionary<string, string> Hashes => _hashes;

    /// <summary>The first wrong byte of each file that is not UTF-8.</summary>
    public IReadOnlyList<BadByte> NotUtf8 => _notUtf8;

    /// <summary>The same files with other texts.</summary>
    public ScriptFiles With(IReadOnlyDictionary<string, SourceText> texts) => new(this, texts);

    /// <summary>A file's text for the compiler. A byte that is not UTF-8 is added to <see cref="NotUtf8"/>.</summary>
    public SourceText Decode(string file, byte[] content)
    {
        if (BadByte.Find(file, content) is { } bad)
            _notUtf8.Add(bad);
        return SourceText.From(content, content.Length, Encoding.UTF8, SourceHashAlgorithm.Sha256, canBeEmbedded: true);
    }

    public override string? NormalizePath(string path, string? baseFilePath) =>
        _places.NormalizePath(path, baseFilePath);

    public override string? ResolveReference(string path, string? baseFilePath) =>
        ScriptPath.Spellings(path)
            .Select(each => _places.ResolveReference(each, baseFilePath))
            .FirstOrDefault(each => each is not null);

    public override Stream OpenRead(string resolvedPath) => _places.OpenRead(resolvedPath);

    public override SourceText ReadText(string resolvedPath)
    {
        if (_texts.TryGetValue(resolvedPath, out var known))
            return known;
        var content = ContentHash.Read(resolvedPath);
        _hashes[resolvedPath] = ContentHash.Of(content);
        return _texts[resolvedPath] = Decode(resolvedPath, content);
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}
