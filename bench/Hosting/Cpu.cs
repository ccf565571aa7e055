using System.Globalization;
using System.Text;

namespace WalkTalk.Bench.Hosting;

/// <summary>Processor time of the parts of a deployment: it moves less than the clock on a machine that does other things as well.</summary>
internal static class Cpu
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every Linux

    /// <summary>Microseconds so far, by part: each service by its name, the broker, the database, and this process, which asks.</summary>
    public static Dictionary<string, double> Of(Deployment deployment)
    {
        var used = new Dictionary<string, double>();
        foreach (var (id, stat) in Processes())
        {
            if ((Name(id, deployment) ?? Name(stat.Parent, deployment)) is { } name)
            {
                used[name] = used.GetValueOrDefault(name) + (stat.Ticks * 1e6 / TicksPerSecond);
            }
        }

        return used;
    }

    /// <summary>Seconds so far of one process, without its children.</summary>
    public static double SecondsOf(int id) => Fields(File.ReadAllText($"/proc/{id}/stat")) is var fields ? (fields[11] + fields[12]) / (double)TicksPerSecond : 0;

    private static List<(int Id, (int Parent, long Ticks) Stat)> Processes() =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(p => char.IsAsciiDigit(p![0])).Select(p => int.Parse(p!, CultureInfo.InvariantCulture))
            .Select(id => (id, Read($"/proc/{id}/stat"))).Where(p => p.Item2.Length > 0).Select(p =>
            {
                var fields = Fields(p.Item2);
                // With its children that have ended; what this process has started otherwise is no caller.
                return (p.id, ((int)fields[1], fields[11] + fields[12] + (p.id == Environment.ProcessId ? 0 : fields[13] + fields[14])));
            })];

    // The name in brackets may hold blanks: count from behind it.
    private static List<long> Fields(string stat) => [.. stat[(stat.LastIndexOf(')') + 2)..].Split(' ').Select(f => long.TryParse(f, out var number) ? number : 0)];

    /// <summary>What a process is to the deployment, or null. The database's processes hide their environment: theirs is their parent's.</summary>
    private static string? Name(int id, Deployment deployment)
    {
        if (id == Environment.ProcessId)
        {
            return "callers";
        }

        var environment = Read($"/proc/{id}/environ").Split('\0');
        return !environment.Contains($"WALKTALK_BENCH={deployment.Folder}") ? null
            : environment.FirstOrDefault(e => e.StartsWith("OTEL_SERVICE_NAME=", StringComparison.Ordinal))?.Split('=')[1] ?? Read($"/proc/{id}/comm").Trim();
    }

    private static string Read(string path)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ""; // it has just ended
        }
    }

    /// <summary>Microseconds for one of so many, by part, most first.</summary>
    public static IReadOnlyList<(string Part, double Each)> Each(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after, long count) =>
        [.. after.Select(a => (a.Key, (a.Value - before.GetValueOrDefault(a.Key)) / count)).Where(p => p.Item2 >= 1).OrderByDescending(p => p.Item2)];
}
