namespace Chat.Load.Phases;

/// <summary>When the senders say their lines.</summary>
internal interface ITalk
{
    /// <summary>Says what is to be said by now.</summary>
    /// <returns>How many nanoseconds there is nothing more to say, if nothing is received.</returns>
    long Speak();
}
