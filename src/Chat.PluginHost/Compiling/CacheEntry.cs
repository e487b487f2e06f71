using System.Security.Cryptography;
using System.Text;

namespace Chat.PluginHost.Compiling;

/// <summary>A compiled script as a file in the cache: a magic text, a checksum, and the content.</summary>
/// <param name="Key">Identifies the script and its source, so that an entry under another name is not accepted.</param>
/// <param name="Script">The compiled script, with the hashes of the files it names.</param>
internal sealed record CacheEntry(string Key, CompiledScript Script)
{
    private const int ChecksumBytes = 32;

    private static readonly byte[] _magic = "chat script 2\n"u8.ToArray();

    public byte[] ToBytes()
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content, Encoding.UTF8);
        writer.Write(Key);
        Write(writer, Script.Files.Select(file => (file, Script.Hashes.GetValueOrDefault(file, ""))));
        Write(writer, Script.Libraries.Select(library => (library.Key, library.Value)));
        writer.Write(Script.Obstacle);
        writer.Write(Script.Assembly.Length);
        writer.Write(Script.Assembly);
        writer.Write(Script.Symbols.Length);
        writer.Write(Script.Symbols);
        writer.Flush();
        var bytes = content.ToArray();
        return [.. _magic, .. SHA256.HashData(bytes), .. bytes];
    }

    /// <returns><see langword="null"/> if the bytes are no entry, or are damaged.</returns>
    public static CacheEntry? Read(byte[] bytes)
    {
        var begin = _magic.Length + ChecksumBytes;
        if (bytes.Length <= begin || !bytes.AsSpan().StartsWith(_magic)
            || !bytes.AsSpan(_magic.Length, ChecksumBytes).SequenceEqual(SHA256.HashData(bytes.AsSpan(begin))))
            return null;
        using var reader = new BinaryReader(new MemoryStream(bytes, begin, bytes.Length - begin), Encoding.UTF8);
        var key = reader.ReadString();
        var files = ReadPairs(reader);
        var libraries = ReadPairs(reader);
        var obstacle = reader.ReadString();
        var assembly = reader.ReadBytes(reader.ReadInt32());
        var symbols = reader.ReadBytes(reader.ReadInt32());
        var byName = new Dictionary<string, string>(libraries, StringComparer.OrdinalIgnoreCase);
        return new CacheEntry(key, new CompiledScript([.. files.Keys], [], assembly, symbols, byName)
        {
            Hashes = files,
            Obstacle = obstacle,
        });
    }

    private static void Write(BinaryWriter writer, IEnumerable<(string Name, string Value)> pairs)
    {
        var all = pairs.ToList();
        writer.Write(all.Count);
        foreach (var (name, value) in all)
        {
            writer.Write(name);
            writer.Write(value);
        }
    }

    private static OrderedDictionary<string, string> ReadPairs(BinaryReader reader)
    {
        var pairs = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        for (var left = reader.ReadInt32(); left > 0; left--)
            pairs[reader.ReadString()] = reader.ReadString();
        return pairs;
    }
}
