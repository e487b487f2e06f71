using System.Text;

namespace Chat.Engine.Sessions;

/// <summary>The rules for nicks and room names. Both are unique regardless of case and stored in Unicode normalization
/// form C.</summary>
internal static class NameRules
{
    /// <summary>The longest nick, in Unicode code points.</summary>
    public const int MaxNickLength = 24;

    /// <summary>The longest room name, in Unicode code points.</summary>
    public const int MaxRoomLength = 64;

    /// <summary>Checks a nick.</summary>
    /// <param name="wanted">The nick as typed; a leading <c>#</c> is removed.</param>
    /// <param name="nick">The nick as shown.</param>
    /// <returns>The problem, as a sentence for the user; <see langword="null"/> if there is none.</returns>
    public static string? ProblemWithNick(string wanted, out string nick) =>
        Check(wanted, "A nick", MaxNickLength, out nick)
        ?? (nick.Any(character => char.IsLetterOrDigit(character) || character > '\u007f')
            ? null
            : "A nick has at least one letter or digit: signs alone look like the server's own.");

    /// <summary>Checks a room's name.</summary>
    /// <param name="wanted">The name as typed; a leading <c>#</c> is removed.</param>
    /// <param name="room">The name as shown.</param>
    /// <returns>The problem, as a sentence for the user; <see langword="null"/> if there is none.</returns>
    public static string? ProblemWithRoom(string wanted, out string room) =>
        Check(wanted, "A room's name", MaxRoomLength, out room);

    /// <summary>Returns a name as it is stored: without a leading <c>#</c>, in normalization form C. Invalid Unicode is
    /// returned unchanged.</summary>
    public static string Normalize(string name)
    {
        try
        {
            return name.TrimStart('#').Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            return name;
        }
    }

    private static string? Check(string wanted, string what, int maxLength, out string name)
    {
        name = Normalize(wanted);
        return CleanText.ProblemWithName(name, what, maxLength);
    }
}
