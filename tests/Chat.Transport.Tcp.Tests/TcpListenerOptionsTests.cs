namespace Chat.Transport.Tcp.Tests;

public sealed class TcpListenerOptionsTests
{
    private static readonly TestCaseData<TcpListenerOptions, string>[] _wrong =
    [
        new(new() { Host = "" }, "Host"),
        new(new() { Host = "  " }, "Host"),
        new(new() { Port = -1 }, "Port"),
        new(new() { Port = 65536 }, "Port"),
        new(new() { SendBufferBytes = 4095 }, "SendBufferBytes"),
        new(new() { SendBufferBytes = (16 * 1024 * 1024) + 1 }, "SendBufferBytes"),
        new(new() { Backlog = 0 }, "Backlog"),
        new(new() { Backlog = 65536 }, "Backlog"),
        new(new() { Linger = TimeSpan.FromTicks(-1) }, "Linger"),
        new(new() { Linger = TimeSpan.FromMinutes(1.01) }, "Linger"),
    ];

    private static readonly TcpListenerOptions[] _right =
    [
        new(),
        new() { Port = 0, SendBufferBytes = 4096, Backlog = 1, Linger = TimeSpan.Zero },
        new() { Port = 65535, SendBufferBytes = 16 * 1024 * 1024, Backlog = 65535, Linger = TimeSpan.FromMinutes(1) },
    ];

    [TestCaseSource(nameof(_wrong))]
    public void A_value_out_of_its_range_is_named_when_the_listener_is_made(TcpListenerOptions options, string name) =>
        Assert.That(
            () => new TcpConnectionListener(options),
            Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(name + " must"));

    [TestCaseSource(nameof(_right))]
    public void The_defaults_and_the_ends_of_the_ranges_are_valid(TcpListenerOptions options) =>
        Assert.That(options.Validate, Throws.Nothing);
}
