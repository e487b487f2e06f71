using System.Text;

namespace Chat.Engine.Protocols;

/// <summary>The rules for a message's text, regardless of its author.</summary>
internal static class MessageText
{
    /// <summary>Checks a cleaned text.</summary>
    /// <param name="text">The text, without control characters.</param>
    /// <param name="maxBytes">The maximum length in bytes of UTF-8.</param>
    /// <returns>Why it cannot be sent; <see langword="null"/> if it can.</returns>
    public static Refused? Problem(string text, int maxBytes)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new Refused(RefusalCode.MessageEmpty);

        // A UTF-16 unit needs at most three bytes of UTF-8, so most texts need no counting.
        if (text.Length <= maxBytes / 3)
            return null;
        var bytes = Encoding.UTF8.GetByteCount(text);
        return bytes <= maxBytes
            ? null
            : new Refused(RefusalCode.MessageTooLong) { Actual = bytes, Limit = maxBytes };
    }
}
