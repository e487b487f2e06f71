namespace Chat.PluginHost.Crashes;

/// <summary>How the run of the process before this one ended, as far as the supervisor knows.</summary>
public enum PreviousExit
{
    /// <summary>Nobody has seen it: it may have crashed or been killed, or the power was cut. Only a plugin whose code
    /// was running on a thread is a suspect.</summary>
    Unknown,

    /// <summary>It ended by its own doing: a stack overflow, an abort or a fault in native code. If no plugin's code is
    /// known to have been running, the plugins that were being called and had not answered are the suspects: one of
    /// them may have continued after an <c>await</c>.</summary>
    Crashed,

    /// <summary>It was ended from outside, by an operator or because memory ran out. No plugin is a suspect.</summary>
    Killed,
}
