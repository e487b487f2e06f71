using System.Reflection;

namespace Chat.PluginHost.Doctor;

/// <summary>An assembly that a plugin does not bring.</summary>
/// <param name="Name">The assembly.</param>
/// <param name="NeededBy">The file that refers to it.</param>
/// <param name="Looked">Every path it was looked for at.</param>
internal sealed record MissingDependency(AssemblyName Name, string NeededBy, IReadOnlyList<string> Looked);
