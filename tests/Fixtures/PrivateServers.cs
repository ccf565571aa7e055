using System.Diagnostics;

namespace WalkTalk.Fixtures;

/// <summary>Installed PostgreSQL and RabbitMQ binaries, started for this process alone by <c>private-servers.sh</c>.</summary>
/// <remarks>The script stops both servers when this process is gone, however it went.</remarks>
internal sealed class PrivateServers
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly Process process;

    private PrivateServers(Process process) => this.process = process;

    /// <summary>Starts one of <c>postgres</c> and <c>rabbitmq</c>, and returns its connection string once it answers.</summary>
    public static async Task<(PrivateServers Server, string ConnectionString)> Start(string name)
    {
        var process = Process.Start(new ProcessStartInfo("bash",
            [Repository.PathOf("tests", "Fixtures", "private-servers.sh"), "--volatile", "--only", name, "--owner", $"{Environment.ProcessId}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var complaints = process.StandardError.ReadToEndAsync();
        using var patience = new CancellationTokenSource(Patience);
        string? connection = null;
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith($"{name}=", StringComparison.Ordinal))
            {
                connection = line[(name.Length + 1)..];
            }
            else if (line == "ready")
            {
                return (new PrivateServers(process), connection!);
            }
        }

        throw new InvalidOperationException((await complaints).Trim());
    }

    public void Stop()
    {
        if (process.HasExited)
        {
            return;
        }

        // Kill() would be SIGKILL, and the script could not clean up behind itself.
        using var term = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        process.WaitForExit(TimeSpan.FromSeconds(20));
    }
}
