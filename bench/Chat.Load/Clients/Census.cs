namespace Chat.Load.Clients;

/// <summary>How many clients are how far.</summary>
internal sealed class Census
{
    public int Registered { get; set; }

    public int Joined { get; set; }

    /// <summary>Clients that hear their room.</summary>
    public int Hearing { get; set; }

    /// <summary>Connections that the server has ended, without those of stalled clients.</summary>
    public int Ended { get; set; }

    public int StalledEnded { get; set; }

    /// <summary>What the server, or the system, said last about something that went wrong; empty if nothing
    /// did.</summary>
    public string LastError { get; set; } = "";
}
