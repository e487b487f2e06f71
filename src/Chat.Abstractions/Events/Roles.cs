namespace Chat.Events;

/// <summary>The roles that the server itself knows. An application may use any others.</summary>
public static class Roles
{
    /// <summary>May ask about anybody's line and enable hooks.</summary>
    public const string Operator = "operator";
}
