using System.Diagnostics;

namespace Chat.Server.Tests;

/// <summary>A fresh copy of the repository with nothing built, as after a clone.</summary>
internal sealed class RepositoryCopy : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RepositoryCopy()
    {
    }

    public string FullPath => _folder.FullPath;

    public static async Task<RepositoryCopy> MakeAsync(CancellationToken cancellationToken)
    {
        var copy = new RepositoryCopy();
        await copy.RunAsync(
            $"git -C '{Repository.Root}' ls-files -co --exclude-standard -z | (cd '{Repository.Root}' && xargs -0 cp "
                + $"--parents -t '{copy.FullPath}')",
            cancellationToken);
        return copy;
    }

    /// <summary>A command line that runs in the copy.</summary>
    public ProcessStartInfo Bash(string command)
    {
        var start = new ProcessStartInfo("bash")
        {
            WorkingDirectory = FullPath,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(command);

        // A newcomer does not have the variables of this test run.
        string[] own = ["MSBUILD", "VSTEST"];
        foreach (var name in start.Environment.Keys.ToList())
        {
            if (Array.Exists(own, prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)))
                start.Environment.Remove(name);
        }

        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        return start;
    }

    /// <summary>Runs a command line, which must succeed.</summary>
    /// <returns>Its output.</returns>
    public async Task<string> RunAsync(string command, CancellationToken cancellationToken)
    {
        using var process = Process.Start(Bash(command))!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.That(process.ExitCode, Is.Zero, $"{command}\n{await output}{await error}");
        return await output;
    }

    public void Dispose() => _folder.Dispose();
}
