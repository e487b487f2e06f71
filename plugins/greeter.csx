// Greets everyone who joins. An example of an observer: it sees what has happened, and nothing waits for it.

OnEvent(happened => happened is Joined joined
    ? TellAsync(joined.Nick, $"Hello {joined.Nick}, welcome to {joined.Room}!")
    : default);
