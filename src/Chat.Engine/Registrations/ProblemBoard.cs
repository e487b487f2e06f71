using System.Collections.Concurrent;

namespace Chat.Engine.Registrations;

/// <summary>What could not be loaded and why, by source, until it is mended.</summary>
internal sealed class ProblemBoard
{
    private readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All problems, by their source in alphabetical order.</summary>
    public IReadOnlyList<string> All => [.. _problems.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).Select(pair => pair.Value)];

    /// <summary>Puts up what is wrong with a source, or takes it down.</summary>
    public void Set(string source, string? problem)
    {
        if (problem is null)
            _problems.TryRemove(source, out _);
        else
            _problems[source] = problem;
    }
}
