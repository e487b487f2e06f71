namespace Chat.Load.Counting;

/// <summary>How a line came, next to what the same receiver has from the same sender.</summary>
internal enum Arrival
{
    /// <summary>The one after the last.</summary>
    Next,

    /// <summary>Later than the next: some are missing, or come yet.</summary>
    Ahead,

    /// <summary>One that was missing, after a later one.</summary>
    Late,

    /// <summary>Not for the first time.</summary>
    Doubled,
}
