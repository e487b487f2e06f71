namespace Chat.Engine.Inbound;

/// <summary>Sends messages of the application and plugins to rooms and users. Invalid arguments throw an
/// <see cref="ArgumentException"/> that says why. Safe from any thread.</summary>
internal sealed class HostMessenger(InboundServices services, PluginEchoes echoes)
{
    /// <summary>Sends one user a private notice.</summary>
    /// <returns>Whether it was delivered to the user's inbox.</returns>
    public bool Tell(string nick, string text)
    {
        _ = nick ?? throw new ArgumentNullException(nameof(nick));
        _ = text ?? throw new ArgumentNullException(nameof(text));
        var notice = new Notice(text) { Time = services.Clock.GetUtcNow() };
        return services.Sessions.Sessions.FindByNick(NameRules.Normalize(nick)) is { } session
            && session.TryPost(notice);
    }

    /// <summary>Says a line in a room.</summary>
    /// <param name="room">The room.</param>
    /// <param name="nick">The nick to speak under.</param>
    /// <param name="text">One line.</param>
    /// <param name="cause">The plugin that speaks; <see langword="null"/> for the application.</param>
    /// <param name="cancellationToken">Cancels the operation.</param>
    /// <returns>The hooks' replies to the speaker, including refusals.</returns>
    public async ValueTask<IReadOnlyList<string>> SayAsync(
        string room, string nick, string text, string? cause, CancellationToken cancellationToken)
    {
        var name = CheckNick(nick);
        var depth = 0;
        if (cause is not null && !echoes.TryGoDeeper(cause, room, out depth))
            return [$"Not sent: {depth - 1} plugin lines led to this one, which is the limit."];
        var message = services.Route.Stamp(new MessageContext
        {
            Depth = depth,
            Room = RoomName(room),
            Sender = new Sender("", name),
            Text = CheckText(text),
            Origin = cause is null ? MessageOrigins.Host : MessageOrigins.Hook,
            Cause = cause,
        });
        return await SendAsync(message, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates a message as if a user had typed it.</summary>
    public MessageContext WriteAsPerson(string room, string nick, string text)
    {
        var name = CheckNick(nick);
        var message = new MessageContext
        {
            Room = RoomName(room),
            Sender = new Sender("", name),
            Text = CheckText(text),
        };
        return services.Route.Stamp(message);
    }

    /// <summary>Sends a message through the hooks to its room.</summary>
    /// <returns>The hooks' replies to the speaker, including refusals.</returns>
    public ValueTask<IReadOnlyList<string>> SendAsync(MessageContext message, CancellationToken cancellationToken)
    {
        var set = services.Registrations.Enter();
        return new HostMessage(message, set, services.Route, services.Watchdog, cancellationToken).RunAsync();
    }

    /// <summary>Announces a line to a room. Hooks do not see it.</summary>
    public ValueTask AnnounceAsync(string room, string text, string? cause, CancellationToken cancellationToken) =>
        services.Route.AnnounceAsync(RoomName(room), CheckText(text), cause, cancellationToken);

    /// <summary>Returns a room's name as it is stored.</summary>
    public static string RoomName(string name) =>
        NameRules.ProblemWithRoom(name ?? throw new ArgumentNullException(nameof(name)), out var room) is { } problem
            ? throw new ArgumentException(problem, nameof(name))
            : room;

    private static string CheckNick(string nick) =>
        NameRules.ProblemWithNick(nick ?? throw new ArgumentNullException(nameof(nick)), out var name) is { } problem
            ? throw new ArgumentException(problem, nameof(nick))
            : name;

    private string CheckText(string text)
    {
        var clean = CleanText.Line(text ?? throw new ArgumentNullException(nameof(text)));
        return MessageText.Problem(clean, services.Settings.MaxMessageBytes) is { } problem
            ? throw new ArgumentException(
                $"The text cannot be sent: {RefusalText.ProblemWithText(problem)}", nameof(text))
            : clean;
    }
}
