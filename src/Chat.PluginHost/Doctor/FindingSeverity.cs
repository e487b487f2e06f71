namespace Chat.PluginHost.Doctor;

/// <summary>How bad a finding is.</summary>
public enum FindingSeverity
{
    /// <summary>For information.</summary>
    Note,

    /// <summary>It works, but not as it should, or not everywhere.</summary>
    Warning,

    /// <summary>It does not work, or must not be used like this.</summary>
    Error,
}
