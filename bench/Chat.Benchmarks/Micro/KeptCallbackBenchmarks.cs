using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Chat.Benchmarks.Running;
using Chat.Hooks;
using Chat.Testing;

namespace Chat.Benchmarks.Micro;

/// <summary>One call of a hook that a script has registered, against the same lambda in a DLL: both loaded by the
/// plugin host.</summary>
public class KeptCallbackBenchmarks
{
    private const string Script = """
        Func<MessageContext, ValueTask<HookResult>> kept =
            message => message.Text.Length > 1000 ? Reject("too long") : Pass;
        AppDomain.CurrentDomain.SetData("Chat.Benchmarks.Script", kept);
        OnMessage(kept);
        """;

    private readonly MessageContext _message = Some.Message();
    private BenchChat? _chat;
    private Func<MessageContext, ValueTask<HookResult>> _ofDll = null!;
    private Func<MessageContext, ValueTask<HookResult>> _ofScript = null!;

    [GlobalSetup]
    [SuppressMessage(
        "Usage",
        "VSTHRD002",
        Justification = "In its own process BenchmarkDotNet does not wait for a setup that is asynchronous.")]
    public void Load()
    {
        _chat = new BenchChat();
        _chat.Save("kept.csx", Script);
        _chat.DropPlugin();
        _chat.StartAsync(CancellationToken.None).GetAwaiter().GetResult();
        _ofDll = Kept("Chat.Benchmarks.Dll");
        _ofScript = Kept("Chat.Benchmarks.Script");
    }

    [GlobalCleanup]
    [SuppressMessage("Usage", "VSTHRD002", Justification = "As for the setup.")]
    public void Unload() => _chat?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    [Benchmark(Baseline = true)]
    public bool Dll() => IsAnswered(_ofDll(_message));

    [Benchmark]
    public bool ScriptCallback() => IsAnswered(_ofScript(_message));

    private static bool IsAnswered(ValueTask<HookResult> answer) => answer.IsCompletedSuccessfully;

    private static Func<MessageContext, ValueTask<HookResult>> Kept(string name) =>
        (Func<MessageContext, ValueTask<HookResult>>)(
            AppDomain.CurrentDomain.GetData(name) ?? throw new InvalidOperationException($"{name} was not loaded."));
}
