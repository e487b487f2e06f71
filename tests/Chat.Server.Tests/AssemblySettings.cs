using Chat.Server.Tests;

// Fixtures start real server processes, which would only wait for each other in parallel. The two that build the whole
// repository are an exception: a build often waits for something other than a core.
[assembly: Parallelizable(ParallelScope.None)]
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]

/// <summary>
/// Lets the server processes of these tests compile quickly: the server's own settings optimize everything at once,
/// which takes 5 s longer when the script compiler starts. <see cref="RuntimeSettingsTests"/> checks those settings.
/// </summary>
[SetUpFixture]
#pragma warning disable CA1050 // Outside any namespace it covers the whole assembly.
public sealed class QuickStart
#pragma warning restore CA1050
{
    [OneTimeSetUp]
    public void Set() => Environment.SetEnvironmentVariable("DOTNET_TC_QuickJit", "1");
}
