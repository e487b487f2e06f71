using System.Text.Json;

namespace Chat.Server.Tests;

/// <summary>
/// The runtime settings of docs/explanation/performance.md are in the file that the runtime reads.
/// </summary>
public sealed class RuntimeSettingsTests
{
    [TestCase("System.GC.Concurrent", "false")]
    [TestCase("System.GC.Server", "false")]
    [TestCase("System.Runtime.TieredPGO", "false")]
    [TestCase("System.Runtime.TieredCompilation.QuickJit", "false")]
    [TestCase("System.Threading.ThreadPool.UnfairSemaphoreSpinLimit", "0", IncludePlatform = "Linux")]
    public async Task The_server_sets(string setting, string value)
    {
        await using var file = File.OpenRead(Path.ChangeExtension(Repository.ServerFile, ".runtimeconfig.json"));
        using var settings = await JsonDocument.ParseAsync(file);

        var properties = settings.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");
        Assert.That(properties.GetProperty(setting).GetRawText(), Is.EqualTo(value));
    }
}
