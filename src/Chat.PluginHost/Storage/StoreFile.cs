using System.Globalization;
using System.Text;
using System.Text.Json;
using Chat.PluginHost.Diagnostics;
using Chat.PluginHost.Watching;
using Microsoft.Extensions.Logging;

namespace Chat.PluginHost.Storage;

/// <summary>What one plugin keeps: in memory, and on disk when it has a file. Safe from any thread.</summary>
internal sealed class StoreFile(string plugin, string? path, TimeProvider clock, ILogger logger)
{
    private const int MaxKeyLength = 128;
    private const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // One writer at a time, and a text is on disk when its call returns: so this one lock is held while the disk writes. Who reads
    // what has been read before does not take it.
    private readonly Lock _writing = new();
    private Dictionary<string, string>? _texts;
    private volatile PluginStore? _newest;

    /// <summary>The version that serves.</summary>
    public PluginStore? Newest
    {
        get => _newest;
        set => _newest = value;
    }

    /// <summary>One text; <see langword="null"/> when there is none.</summary>
    public string? Get(string key)
    {
        CheckKey(key);
        return Texts().GetValueOrDefault(key);
    }

    /// <summary>Keeps a text, or forgets it.</summary>
    public void Set(string key, string? value, PluginStore by)
    {
        CheckKey(key);
        if (value is not null)
            CountBytes(value, nameof(value), $"the text '{key}'");
        lock (_writing)
        {
            by.ThrowIfRevoked();
            var texts = Texts();
            if (texts.GetValueOrDefault(key) == value)
                return;
            var next = new Dictionary<string, string>(texts, StringComparer.Ordinal);
            if (value is null)
                next.Remove(key);
            else
                next[key] = value;
            if (value is not null && next.Sum(text => (long)_strict.GetByteCount(text.Key) + _strict.GetByteCount(text.Value)) > MaxBytes)
                throw new ArgumentException($"A plugin keeps at most 1 MiB, names and texts together; with this text, '{key}', it would be more.", nameof(value));
            Write(next);
            Volatile.Write(ref _texts, next);
        }
    }

    /// <summary>Reads the file anew next time: an operator may have edited it meanwhile.</summary>
    public void Forget()
    {
        if (path is null)
            return;
        lock (_writing)
            Volatile.Write(ref _texts, null);
    }

    private static void CheckKey(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length is 0 or > MaxKeyLength)
            throw new ArgumentException($"A text's name has 1 to {MaxKeyLength} characters, but this one has {key.Length}.", nameof(key));
        CountBytes(key, nameof(key), "the name");
    }

    private static void CountBytes(string text, string parameter, string what)
    {
        try
        {
            _strict.GetByteCount(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"There is half a character in {what}, at {exception.Index + 1}, which cannot be written to a file.", parameter, exception);
        }
    }

    private Dictionary<string, string> Texts()
    {
        if (Volatile.Read(ref _texts) is { } texts)
            return texts;
        lock (_writing)
            return _texts ??= Read();
    }

    private Dictionary<string, string> Read()
    {
        if (path is null || !File.Exists(path))
            return new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            // What is empty is never opened: it may be a pipe, which would wait for ever.
            return StoreText.Parse(PluginSource.IsEmpty(path) ? [] : File.ReadAllBytes(path));
        }
        catch (JsonException exception)
        {
            PluginLog.StoreDamaged(logger, plugin, exception.Message, MoveAside(path));
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"What plugin {plugin} has kept cannot be read: {exception.Message}", exception);
        }
    }

    private string MoveAside(string damaged)
    {
        var target = string.Create(CultureInfo.InvariantCulture, $"{damaged}.damaged-{clock.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
        var free = target;
        for (var number = 2; Path.Exists(free); number++)
            free = string.Create(CultureInfo.InvariantCulture, $"{target}-{number}");
        try
        {
            File.Move(damaged, free);
            return free;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"What plugin {plugin} has kept is damaged, and the file cannot be moved aside: {exception.Message}", exception);
        }
    }

    /// <summary>Writes beside the file, and puts the result in its place when it is whole and on disk.</summary>
    private void Write(IReadOnlyDictionary<string, string> texts)
    {
        if (path is null)
            return;
        var draft = $"{path}.new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using (var stream = new FileStream(draft, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(StoreText.Format(texts));
                stream.Flush(flushToDisk: true);
            }

            File.Move(draft, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            TryDelete(draft);
            throw new IOException($"What plugin {plugin} keeps cannot be written, and stays as it was: {exception.Message}", exception);
        }
    }

    private static void TryDelete(string draft)
    {
        try
        {
            File.Delete(draft);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The next write replaces it.
        }
    }
}
