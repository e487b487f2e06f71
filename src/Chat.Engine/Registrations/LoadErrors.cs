using System.Collections.Concurrent;

namespace Chat.Engine.Registrations;

/// <summary>Load errors by source, kept until the source loads.</summary>
internal sealed class LoadErrors
{
    private readonly ConcurrentDictionary<string, string> _problems = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, Action> _enables = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All errors, ordered alphabetically by source.</summary>
    public IReadOnlyList<string> All =>
        [.. _problems.OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase).Select(pair => pair.Value)];

    /// <summary>Returns the error of a source; <see langword="null"/> if there is none.</summary>
    public string? Of(string source) => _problems.TryGetValue(source, out var problem) ? problem : null;

    /// <summary>Sets or clears the error of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="problem">The error; <see langword="null"/> clears it.</param>
    /// <param name="enable">Retries the source; <see langword="null"/> if an operator cannot request that.</param>
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

    /// <summary>Retries a source, if an operator may request that.</summary>
    /// <returns>Whether there was anything to retry.</returns>
    public bool TryEnable(string source)
    {
        if (!_enables.TryRemove(source, out var enable))
            return false;
        enable();
        return true;
    }
}
