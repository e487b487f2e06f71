using System.Text;
using Chat.Engine.Protocols;

namespace Chat.Engine.Sessions;

/// <summary>The rules for nicks and room names. Both are unique without regard to case, and kept in Unicode normal form C.</summary>
internal static class NameRules
{
    /// <summary>The longest nick, in Unicode code points.</summary>
    public const int MaxNickLength = 24;

    /// <summary>The longest room name, in Unicode code points.</summary>
    public const int MaxRoomLength = 64;

    /// <summary>Checks a nick.</summary>
    /// <param name="wanted">As typed; a leading <c>#</c> is left away.</param>
    /// <param name="nick">As it will be shown.</param>
    /// <returns>What is wrong with it, as a sentence for the user; <see langword="null"/> when nothing is.</returns>
    public static string? ProblemWithNick(string wanted, out string nick) =>
        Check(wanted, "A nick", MaxNickLength, out nick)
        ?? (nick.Any(character => char.IsLetterOrDigit(character) || character > '\u007f') ? null : "A nick has at least one letter or digit: signs alone look like the server's own.");

    /// <summary>Checks a room's name.</summary>
    /// <param name="wanted">As typed; a leading <c>#</c> is left away.</param>
    /// <param name="room">As it will be shown.</param>
    /// <returns>What is wrong with it, as a sentence for the user; <see langword="null"/> when nothing is.</returns>
    public static string? ProblemWithRoom(string wanted, out string room) => Check(wanted, "A room's name", MaxRoomLength, out room);

    /// <summary>A name as it is kept: without a leading <c>#</c>, in normal form C. What is no valid Unicode stays as it is.</summary>
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
