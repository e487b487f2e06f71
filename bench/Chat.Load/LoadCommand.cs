using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using Chat.Load.Reports;
using Chat.Load.Wire;

namespace Chat.Load;

/// <summary>The command line: its options, and what becomes of them.</summary>
internal sealed class LoadCommand
{
    private const int Many = int.MaxValue;

    private readonly Option<string> _host = Text("--host", "HOST", "Where the server is.", "127.0.0.1");
    private readonly Option<int> _port = Whole("--port", "PORT", 1, 65535, "Which port it listens at.", null);
    private readonly Option<string> _proto = Text(
        "--proto",
        "PROTOCOL",
        "How it is spoken to: line (plain lines over TCP), irc, nats, or signalr (JSON over WebSocket).",
        "line");
    private readonly Option<int> _receivers = Whole(
        "--receivers", "N", 1, LoadOptions.MaxClients, "How many connections, all of which receive.", 10);
    private readonly Option<int> _senders = Whole(
        "--senders", "S", 0, LoadOptions.MaxClients, "How many of them also send.", 1);
    private readonly Option<double> _rate = Real(
        "--rate",
        "R",
        0,
        "Lines a second in all. 0: as many as go, each sender with up to --window own lines on their way.",
        0);
    private readonly Option<int> _size = Whole(
        "--size",
        "BYTES",
        1,
        LoadOptions.MaxSize,
        "How long the text of a line is; its marker alone takes some 20 bytes.",
        64);
    private readonly Option<double> _duration = Real("--duration", "SECONDS", 0.001, "How long to measure.", 10);
    private readonly Option<double> _warmup = Real("--warmup", "SECONDS", 0, "How long to talk before that.", 1);
    private readonly Option<int> _window = Whole(
        "--window",
        "LINES",
        1,
        LoadOptions.MaxWindow,
        "With --rate 0: how many own lines a sender has on their way.",
        64);
    private readonly Option<int> _pid = Whole(
        "--pid", "PID", 0, Many, "The server's process, for its processor time and memory.", 0);
    private readonly Option<int> _rooms = Whole(
        "--rooms", "M", 1, LoadOptions.MaxClients, "How many rooms the clients are spread over.", 1);
    private readonly Option<string?> _join = Text(
        "--join-cmd", "LINE", "With plain lines: what enters a room, as \"/join r%d\" where %d is its number.");
    private readonly Option<string?> _nick = Text(
        "--nick-cmd", "LINE", "With plain lines: what a client says first, as \"/nick u%d\" where %d is its number.");
    private readonly Option<int> _stalled = Whole(
        "--stalled",
        "X",
        0,
        LoadOptions.MaxClients,
        "How many of the connections never read, with a small buffer, once all have joined.",
        0);
    private readonly Option<int> _lines = Whole(
        "--lines", "L", 0, Many, "No more lines than these in all. 0: as many as the time allows.", 0);
    private readonly Option<int?> _echo = new("--echo")
    {
        HelpName = "0|1",
        Description = "Whether a line comes back to its sender too. Default: 0 with irc, else 1.",
        CustomParser = argument => ReadWhole("--echo", 0, 1, argument),
    };
    private readonly Option<int> _settle = Whole(
        "--settle", "MS", 0, Many, "How long to wait, once all are connected, before the memory is read.", 500);
    private readonly Option<int> _setup = Whole(
        "--setup-timeout", "SECONDS", 1, Many, "How long connecting and joining may take.", 120);
    private readonly Option<int> _concurrency = Whole(
        "--conc", "C", 1, LoadOptions.MaxClients, "How many clients may be connecting or joining at a time.", 64);
    private readonly Option<string> _label = Text("--label", "TEXT", "Repeated in what is printed.", "");
    private readonly Option<string> _path = Text("--path", "PATH", "With signalr: the hub's.", "/chat");
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object." };

    /// <summary>Does what the arguments ask for.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, TextWriter output, TextWriter error)
    {
        var parsed = new LoadCommand().Create(output, error).Parse(arguments);
        if (parsed.Action is not ParseErrorAction)
            return parsed.Invoke(
                new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        var problem =
            parsed.UnmatchedTokens is [var unknown, ..] ? $"There is no option {unknown}." : parsed.Errors[0].Message;
        error.WriteLine($"chat-load: {problem} --help lists what there is.");
        return ExitCode.BadOptions;
    }

    private RootCommand Create(TextWriter output, TextWriter error)
    {
        var command = new RootCommand(
            "Puts load on a chat server: many clients, some of which talk. Each line that comes is counted, timed, and "
                + "checked to be neither lost, doubled, reordered nor misrouted. Linux only.")
        {
            _host, _port, _proto, _receivers, _senders, _rate, _size, _duration, _warmup, _window, _pid, _rooms, _join,
            _nick, _stalled, _lines, _echo, _settle, _setup, _concurrency, _label, _path, _json,
        };
        _port.Required = true;
        _proto.AcceptOnlyFromAmong([.. Enum.GetValues<WireKind>().Select(kind => kind.Name())]);
        command.SetAction(parsed => Run(Read(parsed), parsed.GetValue(_json), output, error));
        return command;
    }

    private static int Run(LoadOptions options, bool json, TextWriter output, TextWriter error)
    {
        if (options.Problem() is { } problem)
        {
            error.WriteLine($"chat-load: {problem}");
            return ExitCode.BadOptions;
        }

        try
        {
            var result = LoadRun.Execute(options);
            if (json)
                output.WriteLine(JsonReport.Of(result));
            else
                output.Write(TextReport.Of(result));
            if (result.Talk.IsServerGone)
                error.WriteLine("chat-load: The server has gone while it was spoken to.");
            return !result.Tally.IsClean ? ExitCode.Faulty
                : result.Talk.IsServerGone ? ExitCode.ServerGone
                : ExitCode.Clean;
        }
        catch (LoadException exception)
        {
            error.WriteLine($"chat-load: {exception.Message}");
            return exception.ExitCode;
        }
    }

    private LoadOptions Read(ParseResult parsed) => new()
    {
        Host = parsed.GetValue(_host)!,
        Port = parsed.GetValue(_port),
        Proto = Enum.Parse<WireKind>(parsed.GetValue(_proto)!, ignoreCase: true),
        Receivers = parsed.GetValue(_receivers),
        Senders = parsed.GetValue(_senders),
        Rate = parsed.GetValue(_rate),
        Size = parsed.GetValue(_size),
        DurationSeconds = parsed.GetValue(_duration),
        WarmupSeconds = parsed.GetValue(_warmup),
        Window = parsed.GetValue(_window),
        Pid = parsed.GetValue(_pid),
        Rooms = parsed.GetValue(_rooms),
        JoinCommand = parsed.GetValue(_join),
        NickCommand = parsed.GetValue(_nick),
        Stalled = parsed.GetValue(_stalled),
        Lines = parsed.GetValue(_lines),
        Echo = parsed.GetValue(_echo) is { } echo ? echo == 1 : null,
        SettleMilliseconds = parsed.GetValue(_settle),
        SetupTimeoutSeconds = parsed.GetValue(_setup),
        Concurrency = parsed.GetValue(_concurrency),
        Label = parsed.GetValue(_label)!,
        Path = parsed.GetValue(_path)!,
    };

    private static Option<string> Text(string name, string value, string description, string preset) =>
        new(name) { HelpName = value, Description = description, DefaultValueFactory = _ => preset };

    private static Option<string?> Text(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };

    private static Option<int> Whole(string name, string value, int least, int most, string description, int? preset)
    {
        var option = new Option<int>(name)
        {
            HelpName = value,
            Description = description,
            CustomParser = argument => ReadWhole(name, least, most, argument),
        };
        if (preset is { } number)
            option.DefaultValueFactory = _ => number;
        return option;
    }

    private static Option<double> Real(string name, string value, double least, string description, double preset) =>
        new(name)
        {
            HelpName = value,
            Description = description,
            DefaultValueFactory = _ => preset,
            CustomParser = argument => ReadReal(name, least, argument),
        };

    private static int ReadWhole(string name, int least, int most, ArgumentResult argument)
    {
        var given = argument.Tokens[0].Value;
        if (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            && number <= most)
            return number;
        argument.AddError(
            $"{name} takes a whole number {(most == Many ? $"from {least} on" : $"from {least} to {most}")}, not "
                + $"'{given}'.");
        return least;
    }

    private static double ReadReal(string name, double least, ArgumentResult argument)
    {
        var given = argument.Tokens[0].Value;
        if (double.TryParse(given, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number >= least && double.IsFinite(number))
            return number;
        argument.AddError(string.Create(
            CultureInfo.InvariantCulture, $"{name} takes a number from {least} on, as 2.5, not '{given}'."));
        return least;
    }
}
