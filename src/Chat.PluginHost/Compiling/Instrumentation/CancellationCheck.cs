namespace Chat.PluginHost.Compiling.Instrumentation;

/// <summary>The code inserted into scripts: a class with two fields, and checks that read one of them. The class has no
/// method, so that a stack trace leads from the host straight to the line of the script.</summary>
internal static class CancellationCheck
{
    public const string ScriptType = "HookScript";

    /// <summary>The class with the fields, nested in <see cref="ScriptType"/>, by its name in metadata.</summary>
    public const string TypeName = ScriptType + "+" + Class;

    /// <summary>The field that is set while anything is to be stopped.</summary>
    public const string Asked = "Asked";

    /// <summary>The field that holds the host's method, which throws or returns.</summary>
    public const string Stop = "Stop";

    /// <summary>The class as source. The field is volatile: an empty loop must read it in each iteration.</summary>
    public const string Declaration =
        $"static class {Class}{{public static volatile bool {Asked};public static global::System.Action {Stop};}}";

    public const string IsAsked = $"{Class}.{Asked}";

    /// <summary>The check at the start of each iteration of a loop; costs about half a nanosecond.</summary>
    public const string InLoop = $"if({IsAsked}){Class}.{Stop}();";

    /// <summary>The check at the start of each call that may be part of a recursion; costs about five nanoseconds. A
    /// recursion that is too deep ends in an exception instead of ending the process.</summary>
    public const string AtEntry =
        $"{InLoop}global::System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();";

    private const string Class = "__ChatStop";
}
