using System.Diagnostics;

namespace WalkTalk.Bench.Hosting;

/// <summary>One process that can be killed, stopped, continued and started again; what it says goes to its log.</summary>
internal sealed class Part(string name, string log, string file, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> environment) : IAsyncDisposable
{
    private Process? process;

    public string Name => name;

    public string Log => log;

    /// <summary>Null when it does not run.</summary>
    public int? Id => process is { HasExited: false } running ? running.Id : null;

    public void Start()
    {
        // The shell opens the log and becomes the process, so the id is the process's own. It would drop a variable whose name has a "-".
        var start = new ProcessStartInfo("/bin/sh",
            ["-c", "log=$1; shift; exec env \"$@\" >> \"$log\" 2>&1", "sh", log, .. environment.Select(e => $"{e.Key}={e.Value}"), file, .. arguments])
        {
            RedirectStandardInput = true, WorkingDirectory = Path.GetDirectoryName(log)!,
        };

        process?.Dispose();
        process = Process.Start(start)!;
        process.StandardInput.Close();
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task Kill()
    {
        if (Id is { } id)
        {
            Shell.Signal("KILL", id);
            await process!.WaitForExitAsync();
        }
    }

    public void Stop() => Send("STOP");

    public void Continue() => Send("CONT");

    /// <summary>Asks it to end; false when it had to be killed.</summary>
    public async Task<bool> End(TimeSpan patience)
    {
        if (Id is null)
        {
            return true;
        }

        Send("TERM");
        using var soon = new CancellationTokenSource(patience);
        try
        {
            await process!.WaitForExitAsync(soon.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            await Kill();
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Kill();
        process?.Dispose();
    }

    private void Send(string signal)
    {
        if (Id is { } id)
        {
            Shell.Signal(signal, id);
        }
    }
}
