using System.Reflection;
using Chat.Engine;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Chat.Architecture.Tests;

/// <summary>Frameworks give some public names a meaning. No type of the packages has one by accident.</summary>
public sealed class FrameworkConventionTests
{
    /// <summary>Parameters of minimal APIs and of MVC, middleware, start-up classes, serializers, awaitables.</summary>
    private static readonly HashSet<string> _meaningful =
    [
        "BindAsync", "TryParse", "Invoke", "InvokeAsync", "Configure", "ConfigureServices", "ConfigureContainer",
        "GetAwaiter", "GetEnumerator", "GetAsyncEnumerator",
    ];

    [TestCaseSource(typeof(PublicApiTests), nameof(PublicApiTests.Packages))]
    public void F1_No_public_name_has_a_meaning_for_a_framework(Assembly package)
    {
        var taken = package.GetExportedTypes()
            .Where(type => !typeof(Delegate).IsAssignableFrom(type))
            .SelectMany(type => type.GetMethods(
                BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => _meaningful.Contains(method.Name)
                || method.Name.StartsWith("ShouldSerialize", StringComparison.Ordinal));

        Assert.That(taken.Select(method => $"{method.DeclaringType!.Name}.{method.Name}"), Is.Empty);
    }

    [Test]
    public async Task F1_A_minimal_API_takes_a_server_from_its_services()
    {
        await using var chat = new ChatServer(new ChatServerOptions { Name = "Teahouse" });
        await using var services = new ServiceCollection().AddLogging().AddSingleton(chat).BuildServiceProvider();
        var context = new DefaultHttpContext { RequestServices = services };

        var endpoint = RequestDelegateFactory.Create(
            (ChatServer server) => Results.StatusCode(server.EndPoints.Count == 0 ? 204 : 500),
            new RequestDelegateFactoryOptions { ServiceProvider = services });
        await endpoint.RequestDelegate(context);

        Assert.That(context.Response.StatusCode, Is.EqualTo(204));
    }
}
