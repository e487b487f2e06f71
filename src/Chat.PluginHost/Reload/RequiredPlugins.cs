namespace Chat.PluginHost.Reload;

/// <summary>Lets nobody speak as long as a plugin that must check messages is not loaded: one that is listed as
/// required, or one whose guards were live when the server last ran and whose file is still there. One caller at a
/// time.</summary>
internal sealed class RequiredPlugins(
    ChatServer server, IReadOnlyList<string> listed, GuardList? guards, ILogger logger)
{
    private const string Owner = "(required)";

    private Registration? _closed;
    private volatile string _missing = "";
    private bool _isReported;

    /// <summary>Closes the rooms until the first <see cref="Check"/>, if any plugin is required at all.</summary>
    public void Begin()
    {
        if (string.Join(", ", Required()) is { Length: > 0 } required)
            Close(required);
    }

    /// <summary>Closes or opens the rooms according to what is loaded. Called after each scan.</summary>
    public void Check(IEnumerable<string> present, IReadOnlyCollection<string> live)
    {
        var loaded = live.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var guarding = loaded.Where(HasGuard);
        var stillThere = present.ToHashSet(StringComparer.OrdinalIgnoreCase);
        guards?.Set(guards.Ids.Where(id => stillThere.Contains(id) && !loaded.Contains(id)).Concat(guarding));

        var missing = Required().Where(id => !loaded.Contains(id)).ToList();
        var text = string.Join(", ", missing);
        if (missing.Count == 0)
        {
            Open();
        }
        else if (!_isReported || _missing != text)
        {
            Close(text);
            _isReported = true;
            PluginLog.Closed(logger, text);
            server.ReportProblem(Owner, $"Nobody can speak until these plugins are loaded: {text}.");
        }
    }

    public void Open()
    {
        if (_closed is not { } closed)
            return;
        _closed = null;
        _ = server.SwapAsync(closed, null);
        server.ReportProblem(Owner, null);
        if (_isReported)
            PluginLog.Opened(logger);
        _isReported = false;
    }

    private void Close(string missing)
    {
        _missing = missing;
        if (_closed is not null)
            return;
        var closed = new Registration(Owner, "built in");
        var options = new HookOptions { Band = HookBand.First, Order = int.MinValue };
        closed.Add(new DelegateGuard(_ => Verdict.Deny(
            $"nobody can speak at the moment, because a plugin that checks messages is not running ({_missing}). "
            + "Please tell an operator.")), options);
        _ = server.SwapAsync(null, closed);
        _closed = closed;
    }

    private IEnumerable<string> Required() => listed.Union(guards?.Ids ?? [], StringComparer.OrdinalIgnoreCase);

    /// <summary>A plugin's hooks have its id, with a name or a number after a slash if there are several.</summary>
    private bool HasGuard(string id) => server.Hooks.Any(hook =>
        hook.Stage == "guard" && string.Equals(hook.Id.Split('/')[0], id, StringComparison.OrdinalIgnoreCase));
}
