// Says hello to who comes into the lobby. Shows an observer: it sees what has happened, and nobody waits for it.

OnEvent(happened => happened is Joined { Room: "lobby" } joined
    ? TellAsync(joined.Nick, $"Hello {joined.Nick}! Just type to say something.")
    : default);
