namespace Chat.Engine.Protocols;

/// <summary>Words refusals for people at a terminal.</summary>
internal static class RefusalText
{
    /// <summary>The refusal as one or more sentences.</summary>
    public static string Of(Refused refused) => refused.Code switch
    {
        RefusalCode.NotSignedIn => "Sign in first.",
        RefusalCode.UnknownCommand => UnknownCommand(refused),
        RefusalCode.CommandFailed => $"The command /{refused.Subject} failed. The operator can see why.",
        RefusalCode.CommandTimedOut =>
            $"The command /{refused.Subject} did not answer in time. The operator can see why.",
        RefusalCode.CommandDisabled =>
            $"The command /{refused.Subject} is disabled: a call of it does not return. The operator can see why.",
        RefusalCode.RoleRequired when refused.Subject == Roles.Operator =>
            $"Only an operator may {refused.Action ?? "do that"}. /operator KEY makes you one.",
        RefusalCode.RoleRequired =>
            $"Only members with the role {refused.Subject} may {refused.Action ?? "do that"}.",
        RefusalCode.WrongKey => "That is not the key.",
        RefusalCode.NickTaken => $"Somebody here is called {refused.Subject} already.",
        RefusalCode.UnknownNick => refused.Suggestion is null
            ? $"Nobody here is called {refused.Subject}."
            : $"Nobody here is called {refused.Subject}. Did you mean {refused.Suggestion}?",
        RefusalCode.TooManyRooms =>
            $"You are in {refused.Limit} rooms, which is as many as one may be in. /leave one first.",
        RefusalCode.NotInRoom => $"You are not in {refused.Subject}.",
        RefusalCode.InNoRoom => $"Not sent: you are in no room. Type /join {refused.Subject}",
        RefusalCode.LineTooLong => $"Not sent: that line was longer than {refused.Limit} bytes.",
        RefusalCode.MessageEmpty or RefusalCode.MessageTooLong => $"Not sent: {ProblemWithText(refused)}",
        RefusalCode.RecipientLeft => $"{refused.Subject} has just left; your message was not delivered.",
        RefusalCode.RecipientBusy =>
            $"{refused.Subject} has too much unread already; your message was not delivered.",
        RefusalCode.NotDelivered => "Not sent: the server cannot deliver messages at the moment. Please try again.",
        _ => refused.Subject ?? "That cannot be done.",
    };

    /// <summary>What is wrong with a message's text, as the end of a sentence.</summary>
    public static string ProblemWithText(Refused refused) => refused.Code == RefusalCode.MessageEmpty
        ? "it is empty."
        : $"it has {refused.Actual} bytes; a message has at most {refused.Limit}.";

    private static string UnknownCommand(Refused refused) => refused.Suggestion is null
        ? $"There is no command /{refused.Subject}. Type /help for a list."
        : $"There is no command /{refused.Subject}. Did you mean /{refused.Suggestion}? Type /help for a list.";
}
