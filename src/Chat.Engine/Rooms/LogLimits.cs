namespace Chat.Engine.Rooms;

/// <summary>How much a room's log keeps for readers that are behind.</summary>
/// <param name="Capacity">The most lines; a power of two.</param>
/// <param name="MaxBytes">The most bytes, approximately. The newest line is always kept.</param>
/// <param name="Budget">What all logs of the server keep together.</param>
internal sealed record LogLimits(int Capacity, long MaxBytes, LogBudget Budget);
