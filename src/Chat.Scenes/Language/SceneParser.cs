using System.Globalization;
using System.Text.RegularExpressions;

namespace Chat.Scenes.Language;

/// <summary>Parses the text of a scene line by line, and explains each line that is invalid.</summary>
internal sealed partial class SceneParser(string name)
{
    private static readonly string[] _verbs = ["comes", "leaves", "says", "sees"];

    private readonly SceneHeader _header = new();
    private readonly List<SceneStep> _steps = [];
    private readonly List<string> _problems = [];
    private bool _hasExplained;

    /// <summary>Parses a text. Called once.</summary>
    public SceneText Parse(string text)
    {
        var lines = text.TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
        for (var index = 0; index < lines.Length;)
        {
            var number = index + 1;
            var line = lines[index++].Trim();
            List<string> block = [];
            if (line.Length == 0 || line[0] == '#')
                continue;
            while (index < lines.Length && lines[index].TrimStart() is ['|', .. var below])
            {
                block.Add(below is [' ', .. var content] ? content : below);
                index++;
            }

            if (Problem(number, line, block) is { } problem)
                _problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name}:{number}: {problem}"));
        }

        if (_steps.Count == 0 && _problems.Count == 0)
            _problems.Add($"{name}: nothing happens in it.");
        return new SceneText(_header, _steps, _problems);
    }

    private string? Problem(int number, string line, List<string> block)
    {
        if (line[0] == '|')
            return "there is no line above to which the lines with | could belong.";
        if (Head().Match(line) is { Success: true } head)
            return HeadProblem(number, head.Groups["name"].Value, head.Groups["value"].Value, block);
        if (After().Match(line) is { Success: true } after)
            return AfterProblem(number, after.Groups["time"].Value, block);
        if (FileIs().Match(line) is { Success: true } file)
            return FileProblem(number, file.Groups["file"].Value, file.Groups["what"].Value, block);
        return Deed().Match(line) is { Success: true } deed
            ? DeedProblem(number, deed.Groups["who"].Value, deed.Groups["verb"].Value, deed.Groups["what"].Value, block)
            : NotUnderstood(line);
    }

    private string? HeadProblem(int number, string key, string value, List<string> block)
    {
        if (_steps.Count > 0)
            return $"{key}: belongs at the top, before anything happens.";
        if (block.Count > 0)
            return $"{key}: has no lines with | below it.";
        switch (key)
        {
            case "plugins" when _header.Plugins is null:
                _header.PluginsLine = number;
                _header.Plugins = value == "none" ? [] : value.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries);
                return value.Length > 0
                    ? null
                    : "which plugins? Write plugins: greeter.csx WordGuard, or plugins: none";
            case "plugins":
                return "plugins: appears twice; name all of them in one line.";
            case "clock":
                string[] formats = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss"];
                var (culture, style) = (CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
                var isTime = DateTimeOffset.TryParseExact(value, formats, culture, style, out var time);
                _header.Clock = isTime ? time : null;
                return _header.Clock is null ? "what time is it? Write clock: 2030-12-31 23:59" : null;
            default:
                var equals = value.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0)
                    return "write a setting as setting: Hooks:WordGuard:Enabled=false";
                _header.Settings.Add(new SceneSetting(number, value[..equals].Trim(), value[(equals + 1)..].Trim()));
                return null;
        }
    }

    private string? AfterProblem(int number, string text, List<string> block)
    {
        if (block.Count > 0)
            return "after has no lines with | below it.";
        if (!Period.TryParse(text, out var time))
        {
            return $"\"{text}\" is not a time to wait. "
                + "Write after 5 minutes, after 10 s, after 1 h 30 min; 400 days at most.";
        }

        _steps.Add(new TimePasses(number, time));
        return null;
    }

    private string? FileProblem(int number, string file, string what, List<string> block)
    {
        if (Path.IsPathRooted(file) || file.Split('/', '\\').Contains(".."))
            return $"{file} is not a file in the plugin folder: write its path in that folder.";
        if (what.Length > 0 && block.Count > 0)
            return "write the content of the file either after is or below it, not both.";
        if (what.Length == 0 && block.Count == 0)
            return $"what is in the file? Write it below, with | before each line; or file {file} is gone";
        var content = what.Length > 0 ? what : string.Join('\n', block);
        _steps.Add(new FileChanges(number, file, what == "gone" ? null : $"{content}\n"));
        return null;
    }

    private string? DeedProblem(int number, string who, string verb, string what, List<string> block)
    {
        if (what.Length > 0 && what != "..." && block.Count > 0)
            return $"write what {who} {verb} either after {verb} or below it, not both.";
        if (verb is "comes" or "leaves" && (what.Length > 0 || block.Count > 0))
            return $"nothing follows {who} {verb}.";
        SceneStep? step = verb switch
        {
            "comes" => new Comes(number, who),
            "leaves" => new Leaves(number, who),
            "says" => new Says(number, who, block.Count > 0 ? block : [what]),
            _ when what == "nothing" => new SeesNothing(number, who),
            _ => SeesStep(number, who, what, block),
        };
        if (step is null)
            return $"what does {who} see? Write it after sees, or below with | before each line; or {who} sees nothing";
        _steps.Add(step);
        return null;
    }

    private static Sees? SeesStep(int number, string who, string what, List<string> block)
    {
        var readsOn = what == "..." || what.StartsWith("... ", StringComparison.Ordinal);
        var first = readsOn ? what[3..].TrimStart() : what;
        List<string> lines = first.Length > 0 ? [first] : block;
        return lines.Count == 0
            ? null
            : new Sees(number, who, [.. lines.Select(line => new LinePattern(line))], readsOn);
    }

    private string NotUnderstood(string line)
    {
        var verb = line.Split(' ', StringSplitOptions.RemoveEmptyEntries).ElementAtOrDefault(1) ?? "";
        var advice = Suggestion.Nearest(verb, _verbs) is { } nearest ? $" Did you mean {nearest}?" : "";

        // Listing the whole language once is enough.
        var language = _hasExplained ? "" : " A line is: WHO says TEXT, WHO sees TEXT, WHO sees nothing, WHO comes, "
            + "WHO leaves, after TIME, file NAME is TEXT; plugins:, setting: or clock: at the top; "
            + "or a comment that begins with #.";
        _hasExplained = true;
        return $"I do not understand \"{line}\".{advice}{language}";
    }

    [GeneratedRegex(@"^(?:(?<name>plugins|setting|clock):\s*(?<value>.*)|(?<name>setting)\s+(?<value>\S+=.*))$")]
    private static partial Regex Head();

    [GeneratedRegex(@"^after (?<time>.+)$")]
    private static partial Regex After();

    [GeneratedRegex(@"^file (?<file>\S+) is(?: (?<what>.*))?$")]
    private static partial Regex FileIs();

    [GeneratedRegex(@"^(?<who>\S+) (?<verb>comes|leaves|says|sees)(?: (?<what>.*))?$")]
    private static partial Regex Deed();
}
