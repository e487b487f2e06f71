namespace Chat.Engine.Inbound;

/// <summary>The services shared by everything that handles lines.</summary>
internal sealed record InboundServices(
    SessionServices Sessions, RegistrationTable Registrations, MessageRoute Route, Watchdog Watchdog)
{
    public SessionSettings Settings => Sessions.Settings;
    public TimeProvider Clock => Sessions.Clock;
}
