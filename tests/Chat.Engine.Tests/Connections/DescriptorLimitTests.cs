using Chat.Engine.Connections;

namespace Chat.Engine.Tests.Connections;

public sealed class DescriptorLimitTests
{
    [TestCase("1024", 60, 836)]
    [TestCase("400", 60, 212)]
    [TestCase("64", 44, 10)]
    [TestCase("64", 64, 1)]
    [TestCase("64", 70, 1)]
    [TestCase("unlimited", 60, int.MaxValue)]
    public void F8_connections_leave_descriptors_to_everything_else(string soft, int open, int connections)
    {
        string[] limits =
        [
            "Limit                     Soft Limit           Hard Limit           Units     ",
            "Max processes             127235               127235               processes ",
            $"Max open files            {soft}                 1048576              files     ",
        ];

        Assert.That(DescriptorLimit.RoomIn(limits, open), Is.EqualTo(connections));
    }

    [Test]
    public void Limits_that_do_not_name_files_limit_nothing()
    {
        Assert.That(DescriptorLimit.RoomIn([], 10), Is.EqualTo(int.MaxValue));
    }

    [Test]
    [Platform("Linux")]
    public void This_process_has_a_limit()
    {
        Assert.That(DescriptorLimit.RoomForConnections(), Is.InRange(1, int.MaxValue - 1));
    }
}
