using System.Diagnostics;

namespace WalkTalk.Bench;

/// <summary>Commands of the machine.</summary>
internal static class Shell
{
    /// <summary>What a command prints; empty when it fails or is not there.</summary>
    public static string Read(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? said.Trim() : "";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "";
        }
    }

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; with what it said.</exception>
    public static async Task Run(ProcessStartInfo start, CancellationToken ct)
    {
        (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
        using var process = Process.Start(start)!;
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(ct), process.StandardError.ReadToEndAsync(ct));
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{start.FileName} {string.Join(' ', start.ArgumentList)} failed:\n{await said}{await complained}");
        }
    }

    /// <summary>Sends a signal, e.g. KILL, STOP, CONT; a process that has gone meanwhile is none to complain about.</summary>
    public static void Signal(string signal, params IEnumerable<int> processes)
    {
        foreach (var id in processes)
        {
            Read("kill", $"-{signal}", $"{id}");
        }
    }
}
