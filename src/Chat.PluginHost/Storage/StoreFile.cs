using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Chat.PluginHost.Storage;

/// <summary>What one plugin stores: in memory, and on disk if it has a file. Safe from any thread.</summary>
internal sealed class StoreFile(string plugin, string? path, TimeProvider clock, ILogger logger)
{
    private const int MaxKeyLength = 128;
    private const int MaxBytes = 1024 * 1024;

    private static readonly UTF8Encoding _strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // One writer at a time, and a text is on disk when the call returns, so this lock is held during the write. Reading
    // what is already in memory does not take it.
    private readonly Lock _writing = new();
    private Dictionary<string, string>? _texts;
    private volatile PluginStore? _newest;

    /// <summary>The live version.</summary>
    public PluginStore? Newest { get => _newest; set => _newest = value; }

    /// <summary>One text; <see langword="null"/> if there is none.</summary>
    public string? Get(string key)
    {
        CheckKey(key);
        return Texts().GetValueOrDefault(key);
    }

    /// <summary>Stores a text, or removes it.</summary>
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
            if (value is not null && next.Sum(BytesOf) > MaxBytes)
            {
                throw new ArgumentException(
                    $"A plugin keeps at most 1 MiB, names and texts together; with the text '{key}' it would be more.",
                    nameof(value));
            }

            Write(next);
            Volatile.Write(ref _texts, next);
        }
    }

    /// <summary>Has the file read again next time, because an operator may have edited it.</summary>
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
        {
            throw new ArgumentException(
                $"The name of a text has 1 to {MaxKeyLength} characters, but this one has {key.Length}.", nameof(key));
        }

        CountBytes(key, nameof(key), "the name");
    }

    private static long BytesOf(KeyValuePair<string, string> text) =>
        (long)_strict.GetByteCount(text.Key) + _strict.GetByteCount(text.Value);

    private static void CountBytes(string text, string parameter, string what)
    {
        try
        {
            _strict.GetByteCount(text);
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException(
                $"There is half a character in {what}, at {exception.Index + 1}, which cannot be written to a file.",
                parameter, exception);
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
        var problem = "cannot be read";
        try
        {
            try
            {
                // An empty file is never opened: it may be a pipe, and reading would wait forever.
                return !File.Exists(path) ? new Dictionary<string, string>(StringComparer.Ordinal)
                    : StoreText.Parse(PluginSource.IsEmpty(path) ? [] : File.ReadAllBytes(path));
            }
            catch (JsonException exception)
            {
                problem = "is damaged, and the file cannot be moved aside";
                PluginLog.StoreDamaged(logger, plugin, exception.Message, MoveAside(path!));
                return new Dictionary<string, string>(StringComparer.Ordinal);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HostFaultException($"What plugin {plugin} has kept {problem}: {exception.Message}", exception);
        }
    }

    private string MoveAside(string damaged)
    {
        var target = string.Create(
            CultureInfo.InvariantCulture, $"{damaged}.damaged-{clock.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}");
        var free = target;
        for (var number = 2; Path.Exists(free); number++)
            free = $"{target}-{number}";
        File.Move(damaged, free);
        return free;
    }

    private void Write(IReadOnlyDictionary<string, string> texts)
    {
        if (path is null)
            return;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, StoreText.Format(texts));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new HostFaultException(
                $"What plugin {plugin} keeps cannot be written, and stays as it was: {exception.Message}", exception);
        }
    }
}
