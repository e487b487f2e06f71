using System.Reflection;

namespace Chat.PluginHost.Loading;

/// <summary>Stops code of one version of one script that does not return, at its next iteration of a loop or its next
/// call: the checks inserted into the script read a flag, and call this if it is set. Safe from any thread.</summary>
internal sealed class ScriptCancellation : ICallStopper
{
    private static readonly AsyncLocal<bool> _isBackgroundWork = new();

    private readonly Lock _gate = new();
    private readonly HashSet<Thread> _asked = [];
    private readonly FieldInfo _flag;
    private bool _givenUp, _all, _forGood;

    private ScriptCancellation(FieldInfo flag) => _flag = flag;

    /// <summary>Connects to the checks in a script.</summary>
    /// <returns><see langword="null"/> if there are none in it.</returns>
    public static ScriptCancellation? Attach(Assembly script)
    {
        var checks = script.GetType(CancellationCheck.TypeName);
        if (checks?.GetField(CancellationCheck.Asked) is not { } flag
            || checks.GetField(CancellationCheck.Stop) is not { } method)
            return null;
        var stop = new ScriptCancellation(flag);
        method.SetValue(null, new Action(stop.Check));
        return stop;
    }

    /// <summary>Marks this flow of execution, and everything it starts, as no part of a callback.</summary>
    public static void BeginBackgroundWork() => _isBackgroundWork.Value = true;

    /// <summary>Stops the call that runs on a thread with an exception. Other threads are not affected.</summary>
    public void StopCall(Thread thread) => Change(() => _asked.Add(thread));

    /// <summary>Ends <see cref="StopCall"/>: the thread has left the script.</summary>
    public void StopCallEnded(Thread thread) => Change(() => _asked.Remove(thread));

    /// <summary>Stops abandoned callbacks, until <see cref="StopGivenUpEnded"/>. Background work goes on.</summary>
    public void StopGivenUp() => Change(() => _givenUp = true);

    public void StopGivenUpEnded() => Change(() => _givenUp = false);

    /// <summary>Stops all calls in the script, including later ones, until <see cref="StopAllEnded"/>. For a version
    /// whose callbacks are disabled.</summary>
    public void StopAll() => Change(() => _all = true);

    /// <summary>Ends <see cref="StopAll"/>, but not <see cref="StopForGood"/>.</summary>
    /// <returns>Whether it was in force.</returns>
    public bool StopAllEnded() => Change(() => _all && !(_all = false));

    /// <summary>Stops all calls in the script, including later ones. For a version that has been abandoned.</summary>
    public void StopForGood() => Change(() => _forGood = true);

    private bool Change(Func<bool> change)
    {
        lock (_gate)
        {
            var result = change();
            _flag.SetValue(null, _forGood || _all || _givenUp || _asked.Count > 0);
            return result;
        }
    }

    /// <summary>Called by the checks while the flag is set.</summary>
    private void Check()
    {
        bool isAsked;
        lock (_gate)
        {
            isAsked = _asked.Contains(Thread.CurrentThread) || (_givenUp && !_isBackgroundWork.Value);
            if (!isAsked && !_all && !_forGood)
                return;
        }

        throw new ScriptStoppedException(isAsked
            ? "it ran longer than its time budget and was stopped"
            : "it went on after the host had abandoned it, and was stopped");
    }
}
