namespace Chat.Engine.Rooms;

/// <summary>The limits of a room's log, which keeps lines for readers that are behind.</summary>
/// <param name="Capacity">The most lines; a power of two.</param>
/// <param name="MaxBytes">The most bytes, approximately. The newest line is always kept.</param>
/// <param name="Budget">The shared budget of all logs of the server.</param>
internal sealed record LogLimits(int Capacity, long MaxBytes, LogBudget Budget);
