using System.Diagnostics;
using System.Globalization;
using WalkTalk.Bench.Hosting;
using WalkTalk.Fixtures;

namespace WalkTalk.Bench.Web;

/// <summary>A web application in one process, started by "dotnet", and how long it takes until somebody has its first page.</summary>
internal sealed class Standalone : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(3);
    private readonly Part part;
    private readonly string page;

    private Standalone(string log, string program, string page, IReadOnlyList<string> arguments)
    {
        this.page = page;
        Http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 1000, UseCookies = false }) { BaseAddress = new($"http://127.0.0.1:{Ports.Free()}") };
        part = new Part(Path.GetFileNameWithoutExtension(log), log, "dotnet", [program, $"--urls={Http.BaseAddress}", .. arguments],
            new Dictionary<string, string> { ["Limits__RequestsPerMinute"] = "100000000", ["DOTNET_NOLOGO"] = "1" });
    }

    /// <summary>The platform's own program, as a Release build leaves it.</summary>
    public static string Ours { get; } = Repository.PathOf("Standalone", "bin", "Release", "net10.0", "WalkTalk.Standalone.dll");

    public HttpClient Http { get; }

    /// <summary>From the start of the process until the whole first page was read.</summary>
    public TimeSpan FirstPage { get; private set; }

    /// <summary>Processor seconds so far.</summary>
    public double CpuSeconds => Cpu.SecondsOf(part.Id!.Value);

    /// <summary>Resident memory, in MB.</summary>
    public double MegaBytes => long.Parse(
        File.ReadLines($"/proc/{part.Id}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;

    public static async Task<Standalone> Start(string log, string program, string page, CancellationToken stop, params IReadOnlyList<string> arguments)
    {
        var started = new Standalone(log, program, page, arguments);
        try
        {
            await started.Begin(stop);
            return started;
        }
        catch
        {
            await started.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it does nothing any more: less than a tenth of a core for three seconds, since its clocks and sweeps go on.</summary>
    public async Task Quiet(CancellationToken stop)
    {
        for (var (quiet, before) = (0, CpuSeconds); quiet < 3;)
        {
            await Task.Delay(1000, stop);
            (quiet, before) = CpuSeconds is var now && now - before < 0.1 ? (quiet + 1, now) : (0, now);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await part.End(TimeSpan.FromSeconds(30));
        await part.DisposeAsync();
    }

    private async Task Begin(CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        part.Start();
        while (true)
        {
            try
            {
                using var answer = await Http.GetAsync(new Uri(page, UriKind.Relative), stop);
                if (answer.IsSuccessStatusCode)
                {
                    FirstPage = clock.Elapsed;
                    return;
                }
            }
            catch (HttpRequestException) when (part.Id is not null || clock.Elapsed < TimeSpan.FromSeconds(1))
            {
                // not yet
            }

            if (clock.Elapsed > StartWithin)
            {
                throw new InvalidOperationException($"{part.Name} is not ready: {string.Join('\n', File.ReadLines(part.Log).TakeLast(25))}");
            }

            await Task.Delay(5, stop);
        }
    }
}
