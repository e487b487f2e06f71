using System.Runtime.CompilerServices;
using Chat.PluginHost.Context;

namespace Chat.PluginHost.Versions;

/// <summary>
/// What the host remembers of one version for as long as it may be in memory: texts, numbers and weak references, nothing that
/// keeps it there. Safe from any thread.
/// </summary>
/// <param name="id">The plugin's id.</param>
/// <param name="source">The file it was loaded from.</param>
/// <param name="number">Which version of the plugin it is.</param>
/// <param name="clock">The time.</param>
/// <param name="collections">How many full garbage collections there have been.</param>
internal sealed class PluginVersion(string id, string source, int number, TimeProvider clock, Func<int> collections)
{
    /// <summary>As many full collections take away even what has had to be let go in steps, finalizers among them.</summary>
    private const int CollectionsForProof = 4;

    private const string WaitsForCollection = "nothing that is known: its memory is free after one of the next full garbage collections";
    private const string HeldByStranger = "something the host has not issued: a thread of its own, a handler on a static event of the framework, or a library's cache (docs/explanation/unloading.md, What unloading cannot do)";

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

    /// <summary>Takes note of what is to be followed. Keeps none of it alive.</summary>
    /// <param name="code">The code's weak reference.</param>
    /// <param name="context">What the plugin was given, which knows what it has asked for.</param>
    public void Follow(WeakReference code, PluginContext context)
    {
        _code = code;
        _context = new WeakReference<PluginContext>(context);
    }

    /// <summary>Says what state it is in from now on.</summary>
    public void Enter(PluginState state)
    {
        lock (_lock)
        {
            _state = state;
            _since = clock.GetUtcNow();
            if (state == PluginState.Unloading)
                _collectionsBefore = collections();
        }
    }

    /// <summary>Says that it serves, with what it has registered.</summary>
    public void GoLive(IReadOnlyList<string> owned)
    {
        _owned = owned;
        Enter(PluginState.Active);
    }

    /// <summary>Takes note of something that does not end, until it ends.</summary>
    /// <param name="obstacle">What, as one says what is held.</param>
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

    /// <summary>
    /// Whether something holds it for certain: something known, or it has outlived so many full collections that something must.
    /// The host never forces a collection, so on a quiet server it may take long until that is known.
    /// </summary>
    public bool IsHeld()
    {
        lock (_lock)
        {
            if (_state == PluginState.Retired)
                return true;
        }

        return Known().Count > 0 || HasOutlivedCollections();
    }

    /// <summary>What is known of it, for people.</summary>
    public PluginInfo Describe()
    {
        var held = Held();
        lock (_lock)
            return new PluginInfo(id, source, number) { State = _state, Since = _since, Owned = _owned, StillHeld = held };
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
            return _state is PluginState.Unloading or PluginState.Retired && collections() - _collectionsBefore >= CollectionsForProof;
    }

    private List<string> Known()
    {
        var known = OfContext();
        lock (_lock)
            return [.. _obstacles, .. known.Except(_obstacles)];
    }

    /// <summary>Apart, so that nothing is left on the caller's stack that would hold the plugin.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private IReadOnlyList<string> OfContext() => _context?.TryGetTarget(out var context) == true ? context.StillHeld() : [];
}
