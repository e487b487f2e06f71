using Chat.Commands;
using Chat.Plugins;
using SQLitePCL;

namespace UsesNative;

/// <summary>Has a native library for each system below <c>runtimes/</c>, as packages bring them.</summary>
public sealed class UsesNativePlugin : IChatPlugin
{
    public ValueTask StartAsync(IPluginContext context, CancellationToken cancellationToken)
    {
        Batteries_V2.Init();
        context.Command("sqlite", "", "its version", _ =>
            CommandResult.Reply($"sqlite {raw.sqlite3_libversion().utf8_to_string()}"));
        return default;
    }
}
