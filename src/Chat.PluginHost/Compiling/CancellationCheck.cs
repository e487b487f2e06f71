namespace Chat.PluginHost.Compiling;

/// <summary>
/// What is woven into scripts: a class of two fields, and checks that read one of them. The class has no method, so that a stack
/// trace goes from the host straight to the line of the script.
/// </summary>
internal static class CancellationCheck
{
    /// <summary>The class, nested in the one the script becomes, by the name it has in metadata.</summary>
    public const string TypeName = ScriptCompiler.EntryType + "+" + Class;

    /// <summary>The field that is set while anything is to be stopped.</summary>
    public const string Asked = "Asked";

    /// <summary>The field that holds the host's method, which throws or returns.</summary>
    public const string Stop = "Stop";

    /// <summary>The class as source. Volatile: an empty loop must read it anew each time.</summary>
    public const string Declaration = $"static class {Class}{{public static volatile bool {Asked};public static global::System.Action {Stop};}}";

    /// <summary>The condition of each check.</summary>
    public const string IsAsked = $"{Class}.{Asked}";

    /// <summary>At the beginning of each round of a loop: about half a nanosecond.</summary>
    public const string InLoop = $"if({IsAsked}){Class}.{Stop}();";

    /// <summary>
    /// At the beginning of each call that may be one of a recursion: about five nanoseconds. Too deep a recursion ends in an exception
    /// too, and not with the process.
    /// </summary>
    public const string AtEntry = $"{InLoop}global::System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();";

    private const string Class = "__ChatStop";
}
