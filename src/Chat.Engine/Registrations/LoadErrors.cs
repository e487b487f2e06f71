using System.Collections.Concurrent;

namespace Chat.Engine.Registrations;

/// <summary>What could not be loaded and why, by source, until it is mended.</summary>
internal sealed class LoadErrors
{
    private readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Action> _enables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All problems, by their source in alphabetical order.</summary>
    public IReadOnlyList<string> All => [.. _problems.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).Select(pair => pair.Value)];

    /// <summary>What is wrong with a source; <see langword="null"/> for nothing.</summary>
    public string? Of(string source) => _problems.TryGetValue(source, out var problem) ? problem : null;

    /// <summary>Puts up what is wrong with a source, or takes it down.</summary>
    /// <param name="source">The source.</param>
    /// <param name="problem">What is wrong; <see langword="null"/> for nothing.</param>
    /// <param name="enable">Has another try; <see langword="null"/> when an operator cannot ask for that.</param>
    public void Set(string source, string? problem, Action? enable)
    {
        if (problem is null)
            _problems.TryRemove(source, out _);
        else
            _problems[source] = problem;
        if (enable is null)
            _enables.TryRemove(source, out _);
        else
            _enables[source] = enable;
    }

    /// <summary>Has another try at a source, where an operator may ask for that.</summary>
    /// <returns>Whether there was something to try.</returns>
    public bool TryEnable(string source)
    {
        if (!_enables.TryRemove(source, out var enable))
            return false;
        enable();
        return true;
    }
}
