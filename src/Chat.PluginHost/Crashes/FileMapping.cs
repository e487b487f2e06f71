using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Chat.PluginHost.Crashes;

/// <summary>Maps a file at a given address, which .NET cannot do.</summary>
[SupportedOSPlatform("linux")]
internal static unsafe partial class FileMapping
{
    private const int ReadWrite = 3, Shared = 0x01, Private = 0x02, Fixed = 0x10, Anonymous = 0x20;

    /// <summary>Maps a file at any address.</summary>
    /// <exception cref="IOException">The system has no address space left.</exception>
    public static byte* Map(SafeHandle file, int length) => Checked(Map(null, length, ReadWrite, Shared, file, 0));

    /// <summary>Puts another file behind addresses that are mapped already. They never stop being valid.</summary>
    /// <exception cref="IOException">The system has no address space left.</exception>
    public static void Replace(byte* start, int length, SafeHandle file) =>
        Checked(Map(start, length, ReadWrite, Shared | Fixed, file, 0));

    /// <summary>Puts plain memory, all zero, behind addresses that are mapped already.</summary>
    /// <exception cref="IOException">The system has no memory left.</exception>
    public static void ReplaceByMemory(byte* start, int length) =>
        Checked(MapMemory(start, length, ReadWrite, Private | Anonymous | Fixed, -1, 0));

    /// <summary>Takes a mapping away.</summary>
    public static void Unmap(byte* start, int length) => _ = UnmapMemory(start, length);

    private static byte* Checked(byte* mapped) => mapped == (byte*)-1
        ? throw new IOException($"The crash journal cannot be mapped: {Marshal.GetLastPInvokeErrorMessage()}.")
        : mapped;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(byte* start, nint length, int access, int flags, SafeHandle file, nint offset);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* MapMemory(byte* start, nint length, int access, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int UnmapMemory(byte* start, nint length);
}
