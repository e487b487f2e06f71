// Copy me into the drop folder, then edit me while people chat. All of Chat is in scope without usings.

// A hook sees each message and passes, rewrites, splits, drops or rejects it.
OnMessage(m => m.Text.EndsWith("!") ? Rewrite(m.Text.ToUpperInvariant()) : Pass);

// A guard sees the final text and allows or denies it.
OnSending(m => m.Text.Length > 500 ? Deny("Not sent: shorter, please.") : Allow);

// A command has a name, its arguments and a help text.
Command("hello", "[NAME]", "says hello", call =>
    Announce($"{call.Nick} says hello to {(call.Arguments.Length > 0 ? call.Arguments : "everyone")}"));

// A timer runs at an interval.
Every(TimeSpan.FromHours(1), () => AnnounceAsync("lobby", $"It is {Clock.GetLocalNow():HH:mm}."));
