using Chat.PluginHost.Doctor;

namespace Chat.PluginHost.Tests.Doctor;

/// <summary>A drop folder and a doctor who looks into it.</summary>
internal sealed class Checkup(CancellationToken cancellationToken) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Waits for as long as it takes: what is to happen does.</summary>
    public PluginDoctor Doctor { get; init; } =
        new() { StartTimeout = TimeSpan.FromSeconds(25), UnloadTimeout = TimeSpan.FromSeconds(25) };

    /// <summary>A path in the drop folder.</summary>
    public string Drop(params string[] names) => Path.Combine([_folder.Path, .. names]);

    public Checkup Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public Checkup Write(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Drop(name))!);
        File.WriteAllBytes(Drop(name), bytes);
        return this;
    }

    /// <summary>Lays a built plugin into a folder of its own name.</summary>
    public Checkup WriteTestPlugin(string name)
    {
        RepositoryFiles.CopyFolder(RepositoryFiles.TestPlugin(name), Drop(name));
        return this;
    }

    /// <summary>Checks the whole folder, or something in it.</summary>
    public Task<DoctorReport> CheckAsync(params string[] names) => Doctor.CheckAsync(Drop(names), cancellationToken);

    /// <summary>Checks, and gives the findings as <c>Severity where: problem | fix</c>.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(params string[] names) =>
        [.. (await CheckAsync(names)).Findings.Select(
            finding => $"{finding.Severity} {finding.Where}: {finding.Problem} | {finding.Fix}")];

    public void Dispose() => _folder.Dispose();
}
