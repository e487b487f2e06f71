using System.CommandLine;
using System.Runtime.ExceptionServices;

namespace Chat.Server.Commands;

/// <summary><c>chat-server plugin check PATH</c>: the doctor.</summary>
internal static class PluginCommand
{
    private const int Ok = 0, Errors = 1, Usage = 2;

    public static Command Create(SettingOptions options)
    {
        // Errors of the command line are reported below, with an exit code of their own.
        var path = new Argument<string[]>("PATH")
        {
            Description = "The DLL of a plugin, its folder, a .csx script, or a whole drop folder.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var json = new Option<bool>("--json") { Description = "Write the report as JSON." };
        var check = new Command(
            "check",
            "Reports what is wrong with a plugin and how to fix it, "
            + "then starts it in a server that nobody can reach and sends a line through it.\n"
            + "Exit code: 0 if there is no error, 1 if there is one, 2 if the command line is wrong.")
        {
            path, json, options.Config, options.Set,
        };
        check.TreatUnmatchedTokensAsErrors = false;
        check.SetAction((result, cancellationToken) =>
        {
            var paths = result.GetValue(path) ?? [];
            var unknown = paths.Concat(result.UnmatchedTokens)
                .FirstOrDefault(token => token.StartsWith("--", StringComparison.Ordinal));
            if (unknown is not null)
                return RefuseAsync($"There is no option {unknown}.");
            return paths.Length == 1
                ? CheckAsync(paths[0], result.GetValue(json), options.Read(result), cancellationToken)
                : RefuseAsync("It takes one path.");
        });
        return new Command("plugin", "Commands for plugins.") { check };
    }

    private static async Task<int> CheckAsync(
        string path, bool asJson, ServerArguments arguments, CancellationToken cancellationToken)
    {
        bool allowsLinks;
        try
        {
            allowsLinks = SettingsReader.Read(arguments).Plugins.AllowOutsideLinks;
        }
        catch (SettingsException exception)
        {
            return await RefuseAsync(exception.Message).ConfigureAwait(false);
        }

        // Only the report goes to standard output, whatever plugins print.
        var output = Console.Out;
        Console.SetOut(Console.Error);
        var doctor = new PluginDoctor { AllowOutsideLinks = allowsLinks };
        ExceptionHandling.SetUnhandledExceptionHandler(doctor.Contain);
        using var unasked = new UnaskedExit(
            stack =>
            {
                if (doctor.EndedBy(stack) is { } report)
                    output.WriteLine(Text(report));
                output.Flush();
            },
            Errors);
        try
        {
            var report = await doctor.CheckAsync(path, cancellationToken).ConfigureAwait(false);
            await output.WriteLineAsync(Text(report)).ConfigureAwait(false);
            await output.FlushAsync(cancellationToken).ConfigureAwait(false);
            return report.HasErrors ? Errors : Ok;
        }
        catch (FileNotFoundException exception) when (exception.FileName == path)
        {
            return await RefuseAsync(exception.Message).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Errors;
        }

        string Text(DoctorReport report) => asJson ? JsonText.Of(report) : DoctorText.Write(report);
    }

    private static Task<int> RefuseAsync(string problem) => Refusal.WriteAsync(
        $"{problem} Usage: chat-server plugin check PATH [--json]", Usage);
}
