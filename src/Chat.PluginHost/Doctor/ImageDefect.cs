namespace Chat.PluginHost.Doctor;

/// <summary>Why a file cannot be read as a .NET assembly.</summary>
internal enum ImageDefect
{
    /// <summary>It can.</summary>
    None,

    /// <summary>There is nothing in it.</summary>
    Empty,

    /// <summary>It is a library of machine code.</summary>
    Native,

    /// <summary>It is something else, or a part of an assembly.</summary>
    Broken,

    /// <summary>The system does not let it be read.</summary>
    Unreadable,
}
