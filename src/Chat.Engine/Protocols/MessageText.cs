using System.Text;

namespace Chat.Engine.Protocols;

/// <summary>What a message's text must be, whoever wrote it.</summary>
internal static class MessageText
{
    /// <summary>Checks a cleaned text.</summary>
    /// <param name="text">The text, without control characters.</param>
    /// <param name="maxBytes">The longest that is allowed, in bytes of UTF-8.</param>
    /// <returns>What is wrong with it, as a sentence for the user; <see langword="null"/> when nothing is.</returns>
    public static string? Problem(string text, int maxBytes)
    {
        if (string.IsNullOrWhiteSpace(text))
            return "it is empty.";

        // No UTF-16 unit needs more than three bytes of UTF-8, so most texts need no counting.
        if (text.Length <= maxBytes / 3)
            return null;
        var bytes = Encoding.UTF8.GetByteCount(text);
        return bytes <= maxBytes ? null : $"it has {bytes} bytes; a message has at most {maxBytes}.";
    }
}
