namespace Chat.Scenes.Language;

/// <summary>A step of a scene.</summary>
/// <param name="Line">The line it is on.</param>
internal abstract record SceneStep(int Line);

/// <summary>A person connects.</summary>
internal sealed record Comes(int Line, string Who) : SceneStep(Line);

/// <summary>A person leaves.</summary>
internal sealed record Leaves(int Line, string Who) : SceneStep(Line);

/// <summary>A person types lines.</summary>
internal sealed record Says(int Line, string Who, IReadOnlyList<string> Texts) : SceneStep(Line);

/// <summary>A person sees lines, one directly after the other.</summary>
/// <param name="Line">The line it is on.</param>
/// <param name="Who">Who sees them.</param>
/// <param name="Patterns">The patterns of the lines.</param>
/// <param name="ReadsOn">Whether other lines may come before the first.</param>
internal sealed record Sees(int Line, string Who, IReadOnlyList<LinePattern> Patterns, bool ReadsOn) : SceneStep(Line);

/// <summary>A person sees nothing more.</summary>
internal sealed record SeesNothing(int Line, string Who) : SceneStep(Line);

/// <summary>Time passes.</summary>
internal sealed record TimePasses(int Line, TimeSpan By) : SceneStep(Line);

/// <summary>A file of the plugin folder is saved or deleted.</summary>
/// <param name="Line">The line it is on.</param>
/// <param name="File">Its path in the folder.</param>
/// <param name="Content">The content; <see langword="null"/> if it is deleted.</param>
internal sealed record FileChanges(int Line, string File, string? Content) : SceneStep(Line);
