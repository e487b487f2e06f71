using System.Globalization;

namespace Chat.Server.Control;

/// <summary>The only question there is: <c>why</c>, in which format, and about which line. The answer begins with a
/// word that says whether the line is known.</summary>
/// <param name="Line">The number of a line, or the nick of its author; <see langword="null"/> for the last
/// line.</param>
/// <param name="AsJson">Whether the answer is JSON.</param>
internal sealed record WhyQuestion(string? Line, bool AsJson)
{
    private const string Known = "known\n", Unknown = "unknown\n";

    public override string ToString() => $"why {(AsJson ? "json" : "text")} {Line}".TrimEnd();

    /// <summary>Answers a question, or says that it is not understood.</summary>
    public static string Answer(ChatServer server, int tracedLines, string question)
    {
        var words = question.Split(' ', 3);
        if (words is not ["why", "json" or "text", ..])
            return $"{Unknown}This server does not understand '{question}'.";
        if (tracedLines == 0)
            return $"{Unknown}This server keeps no record of lines: Chat:TracedLines is 0.";
        var line = words.Length < 3 ? null : words[2];
        if (Find(server, line) is not { } explanation)
            return Unknown + Missing(line, tracedLines);
        return Known + (words[1] == "json" ? JsonText.Of(explanation) : explanation.ToString());
    }

    public static (bool IsKnown, string Text) Read(string answer) =>
        answer.StartsWith(Known, StringComparison.Ordinal) ? (true, answer[Known.Length..])
        : answer.StartsWith(Unknown, StringComparison.Ordinal) ? (false, answer[Unknown.Length..])
        : (false, "The server closed the connection without an answer.");

    private static LineExplanation? Find(ChatServer server, string? line) =>
        line is null ? server.ExplainLast()
        : IsNumber(line, out var number) ? server.Explain(number)
        : server.ExplainLastBy(line);

    private static string Missing(string? line, int tracedLines) =>
        line is null ? "Nobody has said anything yet."
        : IsNumber(line, out _) ? string.Create(
            CultureInfo.InvariantCulture,
            $"Line {line} is not known: the server remembers the last {tracedLines} lines.")
        : $"{line} has said nothing, or it was too long ago.";

    private static bool IsNumber(string line, out long number) =>
        long.TryParse(line.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
