using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Chat.Load.Tests;

[Platform("Linux")]
[CancelAfter(30_000)]
public sealed class LoadCommandTests
{
    private readonly StringWriter _output = new(), _error = new();

    [TestCase("", "Option '--port' is required.")]
    [TestCase("--port 1 --recievers 5", "There is no option --recievers.")]
    [TestCase("--port 1 --receivers ten", "--receivers takes a whole number from 1 to 900000, not 'ten'.")]
    [TestCase("--port 70000", "--port takes a whole number from 1 to 65535, not '70000'.")]
    [TestCase("--port 1 --rate 1,5", "--rate takes a number from 0 on, as 2.5, not '1,5'.")]
    [TestCase("--port 1 --echo yes", "--echo takes a whole number from 0 to 1, not 'yes'.")]
    [TestCase("--port 1 --proto smtp", "'smtp' not recognized")]
    [TestCase("--port 1 --senders 5 --stalled 6", "raise that, or ask for fewer of them")]
    [TestCase("--port 1 --rooms 2", "add --join-cmd")]
    [TestCase("--port 1 --receivers 900000 --senders 900000", "ask for fewer --senders")]
    public void Bad_options_are_told_in_words(string arguments, string words)
    {
        var exitCode = Run(arguments);

        Assert.That($"{exitCode} {_error}", Does.StartWith($"{ExitCode.BadOptions} ").And.Contain(words));
    }

    [Test]
    public void Help_lists_the_options()
    {
        var exitCode = Run("--help");

        Assert.That($"{exitCode} {_output}", Does.StartWith($"{ExitCode.Clean} ").And.Contain("--setup-timeout"));
    }

    [Test]
    public void Where_no_server_listens_that_is_told()
    {
        var exitCode = Run($"--port {UnusedPort()} --receivers 3");

        Assert.That(
            $"{exitCode} {_error}", Does.StartWith($"{ExitCode.SetUpFailed} ").And.Contain("Connection refused"));
    }

    [Test]
    public void A_process_that_does_not_exist_is_told()
    {
        var exitCode = Run($"--port {UnusedPort()} --pid {int.MaxValue}");

        Assert.That(
            $"{exitCode} {_error}", Does.StartWith($"{ExitCode.ServerGone} ").And.Contain("There is no process"));
    }

    [TestCase(Fault.None, ExpectedResult = ExitCode.Clean)]
    [TestCase(Fault.Repeat, ExpectedResult = ExitCode.Faulty)]
    public async Task<int> The_exit_code_tells_whether_all_went_well(Fault fault, CancellationToken cancellationToken)
    {
        await using var server = new FaultyServer(fault);

        return await Task.Run(() => Run($"--port {server.Port} --lines 50 --warmup 0 --settle 0"), cancellationToken);
    }

    [Test]
    public async Task The_JSON_has_the_names_that_scripts_know(CancellationToken cancellationToken)
    {
        await using var server = new FaultyServer(Fault.None);

        await Task.Run(() => Run(
            $"--port {server.Port} --lines 50 --warmup 0 --settle 0 --pid {Environment.ProcessId} --json "
                + "--label a\"b"), cancellationToken);

        using var json = JsonDocument.Parse(_output.ToString());
        Assert.That(Names(json.RootElement), Is.EqualTo(
            "label proto receivers senders rooms rate size window stalled seconds sent expected delivered lost dup " +
            "reordered gaps misrouted selfecho bad disconnected window_resets dropped_sends " +
            "lines_per_s deliveries_per_s mb_in lat_us{p50 p90 p99 p999 max} complete_us{p50 p99 max n} " +
            "send_lag_us{p50 p99 max} " +
            "server{cpu_s user_s sys_s cpu_util ns_per_delivery setup_cpu_s wait_frac rss_before_kb rss_connected_kb " +
            "rss_joined_kb rss_end_kb rss_peak_kb rss_bytes_per_conn fds_connected fds_end rss_series_kb} " +
            "stalled_closed stalled_bytes tcpmem_kb client_cpu_util client_wait_frac connect_s join_s barrier_s "
                + "loadavg last_err"));
    }

    [Test]
    public async Task The_summary_says_what_was_counted(CancellationToken cancellationToken)
    {
        await using var server = new FaultyServer(Fault.Repeat);

        await Task.Run(
            () => Run($"--port {server.Port} --lines 50 --warmup 0 --settle 0 --pid {Environment.ProcessId}"),
            cancellationToken);

        Assert.That(_output.ToString(), Does.Contain("50 sent, 500 of 500 deliveries: 0 LOST, 1 DOUBLED")
            .And.Contain("ns per delivery").And.Contain("bytes per connection"));
    }

    private int Run(string arguments) =>
        LoadCommand.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), _output, _error);

    private static string Names(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property =>
        property.Value.ValueKind == JsonValueKind.Object
            ? $"{property.Name}{{{Names(property.Value)}}}"
            : property.Name));

    private static int UnusedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
