namespace Chat.Scenes.Language;

/// <summary>One thing that happens in a scene.</summary>
/// <param name="Line">Where it stands in the text.</param>
internal abstract record SceneStep(int Line);

/// <summary>Somebody comes in.</summary>
internal sealed record Comes(int Line, string Who) : SceneStep(Line);

/// <summary>Somebody goes.</summary>
internal sealed record Leaves(int Line, string Who) : SceneStep(Line);

/// <summary>Somebody types lines.</summary>
internal sealed record Says(int Line, string Who, IReadOnlyList<string> Texts) : SceneStep(Line);

/// <summary>Somebody sees lines, one right after the other.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Who">Who sees them.</param>
/// <param name="Patterns">What the lines are like.</param>
/// <param name="ReadsOn">Whether other lines may come before the first.</param>
internal sealed record Sees(int Line, string Who, IReadOnlyList<LinePattern> Patterns, bool ReadsOn) : SceneStep(Line);

/// <summary>Nothing more comes for somebody.</summary>
internal sealed record SeesNothing(int Line, string Who) : SceneStep(Line);

/// <summary>Time passes.</summary>
internal sealed record TimePasses(int Line, TimeSpan By) : SceneStep(Line);

/// <summary>A file of the plugin folder is saved or deleted.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="File">Its path in the folder.</param>
/// <param name="Content">What is in it; <see langword="null"/>: it is deleted.</param>
internal sealed record FileChanges(int Line, string File, string? Content) : SceneStep(Line);
