// Says hello to who joins. Shows an observer: it sees what has happened, and nobody waits for it.

OnEvent(happened => happened is Joined joined
    ? TellAsync(joined.Nick, $"Hello {joined.Nick}, welcome to {joined.Room}!")
    : default);
