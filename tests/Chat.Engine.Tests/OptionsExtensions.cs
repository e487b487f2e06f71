using Chat.Engine.Registrations;
using Chat.Hooks;

namespace Chat.Engine.Tests;

internal static class OptionsExtensions
{
    public static ChatServerOptions Add(
        this ChatServerOptions options, IMessageHook hook, string owner = "hook", HookOptions? bound = null)
    {
        var registration = new Registration(owner, $"{owner}.dll");
        registration.Add(hook, bound);
        return options.Add(registration);
    }

    public static ChatServerOptions Add(
        this ChatServerOptions options, IMessageGuard guard, string owner = "guard", HookOptions? bound = null)
    {
        var registration = new Registration(owner, $"{owner}.dll");
        registration.Add(guard, bound);
        return options.Add(registration);
    }

    public static ChatServerOptions Add(
        this ChatServerOptions options, IMessageObserver observer, string owner = "observer")
    {
        var registration = new Registration(owner, $"{owner}.dll");
        registration.Add(observer);
        return options.Add(registration);
    }
}
