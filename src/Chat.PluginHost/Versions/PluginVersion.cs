using System.Runtime.CompilerServices;

namespace Chat.PluginHost.Versions;

/// <summary>What the host remembers of one version for as long as it may be in memory: texts, numbers and weak
/// references, nothing that keeps it there. Safe from any thread.</summary>
internal sealed class PluginVersion(string id, string source, int number, TimeProvider clock, IProcessCounts figures)
{
    /// <summary>This many full collections free even what is freed in steps, such as finalizable objects.</summary>
    private const int CollectionsForProof = 4;

    /// <summary>So many additional threads are more than the process starts and ends by itself.</summary>
    private const int ManyThreads = 16;

    private const string WaitsForCollection =
        "nothing that is known: the next full garbage collections free its memory, unless a thread of its own "
        + "still runs";

    private const string HeldByStranger =
        "something the host has not issued: a thread of its own, a handler on a static event of the framework, "
        + "or a library's cache (docs/explanation/unloading.md, What unloading cannot do)";

    private readonly int _threadsBefore = figures.Threads;

    private readonly object _lock = new();
    private readonly List<string> _obstacles = [];
    private WeakReference? _code;
    private WeakReference<PluginContext>? _context;
    private DateTimeOffset _since = clock.GetUtcNow();
    private PluginState _state;
    private IReadOnlyList<string> _owned = [];
    private int _collectionsBefore;

    public string Id => id;
    public int Number => number;

    public PluginState State
    {
        get
        {
            lock (_lock)
                return _state;
        }
    }

    /// <summary>Sets what is observed, without keeping it alive.</summary>
    public void Follow(WeakReference code, PluginContext context)
    {
        _code = code;
        _context = new WeakReference<PluginContext>(context);
    }

    public void Enter(PluginState state)
    {
        lock (_lock)
        {
            _state = state;
            _since = clock.GetUtcNow();
            if (state == PluginState.Unloading)
                _collectionsBefore = figures.FullCollections;
        }
    }

    /// <summary>Marks it as live, with what it has registered.</summary>
    public void GoLive(IReadOnlyList<string> owned)
    {
        _owned = owned;
        Enter(PluginState.Active);
    }

    /// <summary>Records something that does not end, until it ends.</summary>
    /// <param name="obstacle">What it is, in the words of a list of what is held.</param>
    /// <param name="running">Ends with it; holds this, and is not held by it.</param>
    public async Task AwaitEndOfAsync(string obstacle, Task running)
    {
        lock (_lock)
            _obstacles.Add(obstacle);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        lock (_lock)
            _obstacles.Remove(obstacle);
    }

    /// <summary>Whether it is no longer in memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool IsGone() => _code is { IsAlive: false };

    /// <summary>Whether something holds it for certain: something known, or it has outlived so many full collections
    /// that something must. The host never forces a collection, so on a quiet server this may take long to find
    /// out.</summary>
    public bool IsHeld() => State == PluginState.Retired || Known().Count > 0 || HasOutlivedCollections();

    /// <summary>What is known of it, for people.</summary>
    public PluginInfo Describe()
    {
        var held = Held();
        lock (_lock)
        {
            return new PluginInfo(id, source, number)
            {
                State = _state,
                Since = _since,
                Owned = _owned,
                StillHeld = held,
            };
        }
    }

    private IReadOnlyList<string> Held()
    {
        var state = State;
        if (state is PluginState.Active or PluginState.Unloaded)
            return [];
        var known = Known();
        return known.Count > 0 ? known
            : state == PluginState.Draining ? []
            : [state == PluginState.Retired || HasOutlivedCollections() ? HeldByStranger : WaitsForCollection];
    }

    private bool HasOutlivedCollections()
    {
        lock (_lock)
        {
            return _state is PluginState.Unloading or PluginState.Retired
                && figures.FullCollections - _collectionsBefore >= CollectionsForProof;
        }
    }

    private List<string> Known()
    {
        var known = OfContext();
        lock (_lock)
            return [.. _obstacles, .. known.Except(_obstacles), .. _state == PluginState.Draining ? [] : Threads()];
    }

    /// <summary>Threads that a plugin starts itself are not known one by one. They keep its code in memory as long as
    /// they run, also if they only sleep.</summary>
    private IEnumerable<string> Threads()
    {
        var more = figures.Threads - _threadsBefore;
        if (more >= ManyThreads)
            yield return $"threads of its own: the process has {more} more than before it was loaded";
    }

    /// <summary>A separate method, so that nothing on the caller's stack holds the plugin.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private IReadOnlyList<string> OfContext() =>
        _context?.TryGetTarget(out var context) == true ? context.StillHeld() : [];
}
