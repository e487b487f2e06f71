namespace Chat.PluginHost.Doctor.Inspection;

/// <summary>Why the host cannot load a DLL.</summary>
/// <param name="Problem">What is wrong, as a sentence that follows the file's name and a colon.</param>
/// <param name="Fix">What to do about it, in whole sentences.</param>
internal sealed record LoadProblem(string Problem, string Fix);
