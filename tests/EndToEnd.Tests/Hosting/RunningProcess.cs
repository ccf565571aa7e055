using System.Diagnostics;
using System.Text;

namespace WalkTalk.EndToEnd.Tests.Hosting;

/// <summary>A real process of the platform: its output is kept for the failure message, and it is ended like a user would end it.</summary>
internal sealed class RunningProcess : IAsyncDisposable
{
    private readonly Process process;
    private readonly StringBuilder output = new();
    private volatile bool ended;

    private RunningProcess(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Everything it has printed so far.</summary>
    public string Output
    {
        get { lock (output) { return output.ToString(); } }
    }

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    public static RunningProcess Start(string file, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        // A test process that ends without its fixtures' goodbye must not leave servers behind.
        var running = new RunningProcess(process);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => running.Kill();
        return running;
    }

    /// <summary>Waits until it has printed the text; fails with its output if it ends or takes too long.</summary>
    public async Task Printed(string text, TimeSpan atMost)
    {
        var clock = Stopwatch.StartNew();
        while (!Output.Contains(text, StringComparison.Ordinal))
        {
            if (process.HasExited || clock.Elapsed > atMost)
            {
                throw new InvalidOperationException(
                    $"\"{text}\" was not printed {(process.HasExited ? $"before it ended with {process.ExitCode}" : $"within {atMost}")}:\n{Output}");
            }

            await Task.Delay(50);
        }
    }

    /// <summary>Runs a command to its end; its exit code and everything it printed.</summary>
    public static async Task<(int ExitCode, string Output)> Run(string file, IEnumerable<string> arguments, string folder, CancellationToken ct)
    {
        await using var running = Start(file, arguments, folder, new Dictionary<string, string>());
        await running.Ended(ct);
        return (running.ExitCode, running.Output);
    }

    /// <summary>Asks it to end, as a service manager does.</summary>
    public void Terminate()
    {
        using var term = Process.Start("kill", ["-TERM", $"{process.Id}"]);
        term.WaitForExit();
    }

    /// <summary>Ends it as the loss of its machine would.</summary>
    public async Task Crash()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    public Task Ended(CancellationToken ct) => process.WaitForExitAsync(ct);

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            Terminate();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Kill();
            }
        }

        ended = true;
        process.Dispose();
    }

    private void Kill()
    {
        if (!ended && !process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
    }

    private void Keep(string? line)
    {
        if (line is not null)
        {
            lock (output) { output.AppendLine(line); }
        }
    }
}
