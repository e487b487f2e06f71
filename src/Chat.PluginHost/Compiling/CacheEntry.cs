using System.Security.Cryptography;
using System.Text;

namespace Chat.PluginHost.Compiling;

/// <summary>A compiled script as it lies on disk: a mark, a checksum, and what it is made of.</summary>
/// <param name="Key">What it was made from, so that an entry under another's name is not taken for it.</param>
/// <param name="Script">The compiled script, with the hashes of the files it named.</param>
internal sealed record CacheEntry(string Key, CompiledScript Script)
{
    private const int ChecksumBytes = 32;

    private static readonly byte[] _mark = "chat script 1\n"u8.ToArray();

    /// <summary>The entry as bytes.</summary>
    public byte[] ToBytes()
    {
        using var content = new MemoryStream();
        using (var writer = new BinaryWriter(content, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Key);
            Write(writer, Script.Files.Select(file => (file, Script.Hashes.GetValueOrDefault(file, ""))).ToList());
            Write(writer, Script.Libraries.Select(library => (library.Key, library.Value)).ToList());
            writer.Write((int)Script.Depth);
            writer.Write(Script.Obstacle);
            writer.Write(Script.Assembly.Length);
            writer.Write(Script.Assembly);
            writer.Write(Script.Symbols.Length);
            writer.Write(Script.Symbols);
        }

        var bytes = content.ToArray();
        return [.. _mark, .. SHA256.HashData(bytes), .. bytes];
    }

    /// <summary>Reads an entry.</summary>
    /// <returns><see langword="null"/> when these bytes are not one, or are damaged.</returns>
    public static CacheEntry? Read(byte[] bytes)
    {
        var begin = _mark.Length + ChecksumBytes;
        if (bytes.Length <= begin || !bytes.AsSpan(0, _mark.Length).SequenceEqual(_mark)
            || !bytes.AsSpan(_mark.Length, ChecksumBytes).SequenceEqual(SHA256.HashData(bytes.AsSpan(begin))))
            return null;
        using var content = new MemoryStream(bytes, begin, bytes.Length - begin);
        using var reader = new BinaryReader(content, Encoding.UTF8);
        var key = reader.ReadString();
        var files = ReadPairs(reader);
        var libraries = ReadPairs(reader);
        var depth = (InstrumentationLevel)reader.ReadInt32();
        var obstacle = reader.ReadString();
        var assembly = reader.ReadBytes(reader.ReadInt32());
        var symbols = reader.ReadBytes(reader.ReadInt32());
        return new CacheEntry(key, new CompiledScript(
            [.. files.Select(file => file.Name)], [], assembly, symbols, libraries.ToDictionary(library => library.Name, library => library.Value, StringComparer.OrdinalIgnoreCase))
        {
            Hashes = files.ToDictionary(file => file.Name, file => file.Value, StringComparer.Ordinal),
            Depth = depth,
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
