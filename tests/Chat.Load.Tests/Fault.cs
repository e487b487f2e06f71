namespace Chat.Load.Tests;

/// <summary>What a <see cref="FaultyServer"/> does wrong with one line.</summary>
public enum Fault
{
    None,

    /// <summary>One receiver does not get it.</summary>
    Lose,

    /// <summary>One receiver gets it twice.</summary>
    Repeat,

    /// <summary>One receiver gets it after the next.</summary>
    Swap,

    /// <summary>Someone in another room gets it too.</summary>
    Misroute,

    /// <summary>One receiver gets a line that nobody has sent.</summary>
    Invent,

    /// <summary>All connections end.</summary>
    HangUp,
}
