using System.Text.RegularExpressions;

namespace Chat.Scenes.Playing;

/// <summary>The lines about joining, leaving and new nicks. A scene skips them unless it asks for them.</summary>
internal static partial class ComingAndGoing
{
    public static bool IsIn(string line) => Any().IsMatch(line);

    /// <summary>Whether a line says that somebody has joined.</summary>
    public static bool IsJoining(string line) => Joining().IsMatch(line);

    [GeneratedRegex(@"^(\[\S+\] )?\*\*\* \S+ (joined \S+|left \S+( \(.*\))?|is now \S+)$")]
    private static partial Regex Any();

    [GeneratedRegex(@"^(\[\S+\] )?\*\*\* \S+ joined \S+$")]
    private static partial Regex Joining();
}
