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
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Key);
            Write(writer, Script.Files.Select(file => (file, Script.Hashes.GetValueOrDefault(file, ""))).ToList());
            Write(writer, Script.Libraries.Select(library => (library.Key, library.Value)).ToList());
            writer.Write(Script.Obstacle);
            writer.Write(Script.Assembly.Length);
            writer.Write(Script.Assembly);
            writer.Write(Script.Symbols.Length);
            writer.Write(Script.Symbols);
        }

        var bytes = content.ToArray();
        return [.. _magic, .. SHA256.HashData(bytes), .. bytes];
    }

    /// <summary>Reads an entry.</summary>
    /// <returns><see langword="null"/> if the bytes are no entry, or are damaged.</returns>
    public static CacheEntry? Read(byte[] bytes)
    {
        var begin = _magic.Length + ChecksumBytes;
        if (bytes.Length <= begin || !bytes.AsSpan(0, _magic.Length).SequenceEqual(_magic)
            || !bytes.AsSpan(_magic.Length, ChecksumBytes).SequenceEqual(SHA256.HashData(bytes.AsSpan(begin))))
            return null;
        using var content = new MemoryStream(bytes, begin, bytes.Length - begin);
        using var reader = new BinaryReader(content, Encoding.UTF8);
        var key = reader.ReadString();
        var files = ReadPairs(reader);
        var libraries = ReadPairs(reader);
        var obstacle = reader.ReadString();
        var assembly = reader.ReadBytes(reader.ReadInt32());
        var symbols = reader.ReadBytes(reader.ReadInt32());
        var names = files.Select(file => file.Name).ToList();
        var byName = libraries.ToDictionary(
            library => library.Name, library => library.Value, StringComparer.OrdinalIgnoreCase);
        return new CacheEntry(key, new CompiledScript(names, [], assembly, symbols, byName)
        {
            Hashes = files.ToDictionary(file => file.Name, file => file.Value, StringComparer.Ordinal),
            Obstacle = obstacle,
        });
    }

    private static void Write(BinaryWriter writer, List<(string Name, string Value)> pairs)
    {
        writer.Write(pairs.Count);
        foreach (var (name, value) in pairs)
        {
            writer.Write(name);
            writer.Write(value);
        }
    }

    private static List<(string Name, string Value)> ReadPairs(BinaryReader reader)
    {
        var count = reader.ReadInt32();
        List<(string, string)> pairs = [];
        for (var index = 0; index < count; index++)
            pairs.Add((reader.ReadString(), reader.ReadString()));
        return pairs;
    }
}
