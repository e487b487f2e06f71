namespace Chat.PluginHost.Compiling;

/// <summary>How much of a script the checks go into.</summary>
internal enum InstrumentationLevel
{
    /// <summary>Nothing: it cannot be stopped.</summary>
    None,

    /// <summary>Loops, and calls whose body is a block: only adds statements.</summary>
    Blocks,

    /// <summary>Also calls whose body is an expression, which becomes a block of one statement.</summary>
    Expressions,
}
