using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Chat.PluginHost.Compiling;

/// <summary>Finds the files a script loads, and reads each once: what is compiled, woven and hashed is the same text.</summary>
internal sealed class ScriptFiles : SourceReferenceResolver
{
    private readonly SourceFileResolver _places;
    private readonly Dictionary<string, SourceText> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _hashes = new(StringComparer.Ordinal);

    /// <param name="folder">The folder of the script.</param>
    public ScriptFiles(string folder) => _places = new SourceFileResolver([], folder);

    private ScriptFiles(ScriptFiles read, IReadOnlyDictionary<string, SourceText> woven)
    {
        _places = read._places;
        _texts = new Dictionary<string, SourceText>(woven, StringComparer.Ordinal);
    }

    /// <summary>The hashes of what has been read.</summary>
    public IReadOnlyDictionary<string, string> Hashes => _hashes;

    /// <summary>The same places with other texts in them.</summary>
    public ScriptFiles With(IReadOnlyDictionary<string, SourceText> texts) => new(this, texts);

    /// <summary>A file's text as the compiler takes it.</summary>
    public static SourceText Text(byte[] content) =>
        SourceText.From(content, content.Length, System.Text.Encoding.UTF8, SourceHashAlgorithm.Sha256, canBeEmbedded: true);

    public override string? NormalizePath(string path, string? baseFilePath) => _places.NormalizePath(path, baseFilePath);

    public override string? ResolveReference(string path, string? baseFilePath) => _places.ResolveReference(path, baseFilePath);

    public override Stream OpenRead(string resolvedPath) => _places.OpenRead(resolvedPath);

    public override SourceText ReadText(string resolvedPath)
    {
        if (_texts.TryGetValue(resolvedPath, out var known))
            return known;
        var content = ContentHash.Read(resolvedPath);
        _hashes[resolvedPath] = ContentHash.Of(content);
        return _texts[resolvedPath] = Text(content);
    }

    public override bool Equals(object? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}
