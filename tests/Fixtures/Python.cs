using System.ComponentModel;
using System.Diagnostics;

namespace WalkTalk.Fixtures;

/// <summary>A check in another language that shares no line with ours.</summary>
public static class Python
{
    /// <summary>Runs a script; null where there is no Python 3, so that the test can be skipped.</summary>
    public static async Task<(int Code, string Said)?> Run(CancellationToken ct, params string[] arguments) =>
        await Start(ct, "-c", "import sys; sys.exit(0 if sys.version_info >= (3, 7) else 1)") is { Code: 0 } ? await Start(ct, arguments) : null;

    private static async Task<(int Code, string Said)?> Start(CancellationToken ct, params string[] arguments)
    {
        try
        {
            using var python = Process.Start(new ProcessStartInfo("python3", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var (said, wrong) = (python.StandardOutput.ReadToEndAsync(ct), python.StandardError.ReadToEndAsync(ct));
            await python.WaitForExitAsync(ct);
            return (python.ExitCode, await said + await wrong);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
