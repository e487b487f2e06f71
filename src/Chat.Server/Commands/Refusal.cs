namespace Chat.Server.Commands;

/// <summary>The end of a command that cannot do what it was asked for.</summary>
internal static class Refusal
{
    /// <summary>Writes the reason to standard error.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> WriteAsync(string problem, int exitCode, string program = "chat-server")
    {
        await Console.Error.WriteLineAsync($"{program}: {problem}").ConfigureAwait(false);
        return exitCode;
    }
}
