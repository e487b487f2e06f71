using System.Reflection;
using Chat.Engine;
using Chat.PluginHost;
using Chat.Plugins;
using Chat.Scenes;
using Chat.Testing;
using Chat.Transport.Tcp;
using PublicApiGenerator;

namespace Chat.Architecture.Tests;

/// <summary>
/// What the packages offer is written down in <c>docs/api</c>, so that it changes on purpose only. To accept a change,
/// run the tests with CHAT_ACCEPT_API=1 and commit the files.
/// </summary>
internal sealed class PublicApiTests
{
    private static readonly ApiGeneratorOptions _options = new() { IncludeAssemblyAttributes = false };

    public static IEnumerable<Assembly> Packages =>
    [
        typeof(IChatPlugin).Assembly,
        typeof(ChatServer).Assembly,
        typeof(TcpConnectionListener).Assembly,
        typeof(PluginDirectory).Assembly,
        typeof(Scene).Assembly,
        typeof(TestChat).Assembly,
    ];

    [TestCaseSource(nameof(Packages))]
    public void The_public_API_is_the_approved_one(Assembly package)
    {
        var file = Path.Combine(Source.Root, "docs", "api", $"{package.GetName().Name}.txt");
        var actual = package.GeneratePublicApi(_options).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable("CHAT_ACCEPT_API") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, actual);
        }

        var approved = File.Exists(file) ? File.ReadAllText(file) : "";

        Assert.That(
            actual,
            Is.EqualTo(approved),
            "The public API has changed. If that is meant, accept it: CHAT_ACCEPT_API=1 dotnet test "
                + "tests/Chat.Architecture.Tests");
    }
}
