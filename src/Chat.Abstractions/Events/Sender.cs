namespace Chat.Events;

/// <summary>Who said or did something, as they were at that moment. Immutable.</summary>
/// <param name="SessionId">The id of the sender's session, unique within the server; empty if the application or a
/// plugin is the sender.</param>
/// <param name="Nick">The sender's nick.</param>
public sealed record Sender(string SessionId, string Nick)
{
    /// <summary>The account the sender has signed in to; <see langword="null"/> for a guest.</summary>
    public string? Account { get; init; }

    /// <summary>The sender's roles, such as <see cref="Events.Roles.Operator"/>; often empty.</summary>
    public IReadOnlyCollection<string> Roles { get; init; } = [];

    /// <summary>Whether the sender has a role. Case matters.</summary>
    public bool IsInRole(string role) => Roles.Contains(role);

    /// <summary>Returns the nick.</summary>
    public override string ToString() => Nick;
}
