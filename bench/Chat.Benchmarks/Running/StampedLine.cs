using System.Globalization;

namespace Chat.Benchmarks.Running;

/// <summary>A line of a <see cref="Talker"/> as everyone sees it, with the versions that hooks have stamped on
/// it.</summary>
/// <param name="Nick">Who said it.</param>
/// <param name="Number">The how manieth of theirs it is.</param>
/// <param name="Dll">The DLL's version; 0 when there is no DLL.</param>
/// <param name="Script">The version of the script's first hook.</param>
/// <param name="ScriptAgain">The version of the script's second hook.</param>
internal readonly record struct StampedLine(string Nick, int Number, int Dll, int Script, int ScriptAgain)
{
    /// <summary>Reads <c>[room] &lt;nick&gt; line 7 d3 s12/12</c>.</summary>
    /// <returns><see langword="null"/> for any other line.</returns>
    public static StampedLine? Read(string line)
    {
        var parts = line.Split(' ');

        // Whoever is in several rooms sees which one it is.
        if (parts[0] is ['[', .., ']'])
            parts = parts[1..];
        if (parts is not [['<', .. var nick, '>'], "line", var number, .. var stamps])
            return null;
        var dll = 0;
        var (first, second) = (0, 0);
        foreach (var stamp in stamps)
        {
            if (stamp is ['d', .. var version])
                dll = ToNumber(version);
            else if (stamp is ['s', .. var both] && both.Split('/') is [var one, var two])
                (first, second) = (ToNumber(one), ToNumber(two));
        }

        return new StampedLine(nick, ToNumber(number), dll, first, second);
    }

    /// <summary>The script that stamps one version twice: on the way at once, and after having waited.</summary>
    public static string ScriptFor(int version) => $$"""
        OnMessage(m => Rewrite(m.Text + " s{{version}}"));
        OnMessage(async m => { await Task.Yield(); return Rewrite(m.Text + "/{{version}}"); });
        """;

    private static int ToNumber(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
