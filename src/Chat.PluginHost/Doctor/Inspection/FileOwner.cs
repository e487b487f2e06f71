using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Chat.PluginHost.Doctor.Inspection;

/// <summary>Tells whose a file is, which .NET does not.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class FileOwner
{
    /// <summary>The user this process runs as.</summary>
    public static uint Me { get; } = GetUser();

    /// <summary>The user that a file or folder belongs to; <see langword="null"/> if the system does not say.</summary>
    public static uint? Of(string path)
    {
        // The layout of statx is the same on every Linux; the owner is at byte 20.
        const int CurrentFolder = -100, DoNotFollow = 0x100, Owner = 0x8, Size = 256, OwnerAt = 20;
        var answer = new byte[Size];
        return OperatingSystem.IsLinux() && Ask(CurrentFolder, path, DoNotFollow, Owner, answer) == 0
            ? BitConverter.ToUInt32(answer, OwnerAt)
            : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(int folder, string path, int flags, uint wanted, [Out] byte[] answer);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetUser();
}
