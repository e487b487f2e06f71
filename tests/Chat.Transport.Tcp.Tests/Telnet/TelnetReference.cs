using System.Text;
using System.Text.RegularExpressions;

namespace Chat.Transport.Tcp.Tests.Telnet;

/// <summary>
/// Reads telnet in another way than the parser does: all bytes at once, cut up by one regular expression.
/// </summary>
internal static partial class TelnetReference
{
    private const int MaxAnswers = 64;
    private const int MaxSubnegotiation = 4096;

    public static TelnetReading Read(byte[] bytes)
    {
        var data = new StringBuilder();
        var replies = new StringBuilder();
        var answers = 0;
        foreach (Match token in Tokens().Matches(Bytes.ToLatin(bytes)))
        {
            if (token.Groups["inside"] is { Success: true } inside && inside.Captures.Count > MaxSubnegotiation)
                return new TelnetReading("", "", HasEnded: false, IsRefused: true);

            var reply = "";
            switch (token.Value)
            {
                case [not 'ÿ']:
                    data.Append(token.Value);
                    break;
                case "ÿÿ":
                    data.Append('ÿ');
                    break;
                case "ÿ\u00f4" or "ÿ\u00f3" or "ÿ\u00ed" or "ÿ\u00f8":
                    data.Append('\u0015');
                    break;
                case "ÿ\u00f7":
                    data.Append('\b');
                    break;
                case "ÿ\u00ec" or "ÿ\u00ee":
                    return new TelnetReading(data.ToString(), replies.ToString(), HasEnded: true, IsRefused: false);
                case "ÿ\u00f6":
                    reply = "[yes]\r\n";
                    break;
                case "ÿ\u00fd\u0006":
                    reply = "ÿ\u00fb\u0006";
                    break;
                case ['ÿ', '\u00fd', var wanted]:
                    reply = "ÿ\u00fc" + wanted;
                    break;
                case ['ÿ', '\u00fb', var offered]:
                    reply = "ÿ\u00fe" + offered;
                    break;
            }

            if (reply.Length > 0 && ++answers > MaxAnswers)
                return new TelnetReading("", "", HasEnded: false, IsRefused: true);
            replies.Append(reply);
        }

        return new TelnetReading(data.ToString(), replies.ToString(), HasEnded: false, IsRefused: false);
    }

    [GeneratedRegex(@"[^ÿ]
        |ÿ\u00fa(?<inside>[^ÿ]|ÿ[^\u00f0])*(?:ÿ\u00f0|ÿ?\z)
        |ÿ[\u00fb-\u00fe](?:.|\z)
        |ÿ(?:[^\u00fa-\u00fe]|\z)",
        RegexOptions.Singleline | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();
}
