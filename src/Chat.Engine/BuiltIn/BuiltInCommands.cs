namespace Chat.Engine.BuiltIn;

/// <summary>The built-in commands, a class for each family.</summary>
internal static class BuiltInCommands
{
    /// <summary>Creates a registration of all built-in commands.</summary>
    public static Registration Register(
        SessionServices services, RegistrationTable registrations, HookReport report, FlightRecorder? recorder,
        string? key)
    {
        var registration = new Registration(CommandTable.BuiltInOwner, "built in");
        IEnumerable<ChatCommand> all =
        [
            .. new HelpCommands(registrations).All,
            .. new PeopleCommands(services.Sessions).All,
            .. new RoomCommands(services).All,
            .. new MessageCommands(services.Sessions).All,
            .. new HookCommands(report, recorder).All,
            .. new OperatorCommands(services.Sessions, key).All,
        ];
        foreach (var command in all)
            registration.Add(command);
        return registration;
    }
}
