using System.Diagnostics;
using System.Globalization;
using static WalkTalk.Bench.Spread;

namespace WalkTalk.Bench.Web;

/// <summary>How soon the one process shows its first page and what it keeps in memory, held against an empty ASP.NET Core application.</summary>
internal static class StandaloneRun
{
    public static Run Run { get; } = new("standalone", "start and memory of the one process, against an empty ASP.NET Core application",
    [
        ("--rounds N", "starts of each (default 5); medians are reported"),
        ("--program FILE", "another WalkTalk.Standalone.dll than the Release build's, such as a published one"),
    ], Go);

    private const double FloorStart = 5, FloorMemory = 3;

    private static async Task<Outcome> Go(Arguments arguments, CancellationToken stop)
    {
        var (rounds, program) = (arguments.Number("--rounds", 5), arguments.Text("--program") is { } other ? Path.GetFullPath(other) : Standalone.Ours);
        var folder = Directory.CreateTempSubdirectory("walktalk-bench-").FullName;
        try
        {
            var hello = await Hello(Path.Combine(folder, "hello"), stop);
            var data = Path.Combine(folder, "data");
            var (empty, again, bare, memory, bareMemory) = (new List<double>(), new List<double>(), new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round <= rounds; round++)
            {
                var (helloStart, helloMemory, _) = await Once(hello, "/", stop);
                var (first, _, firstCpu) = await Once(program, "/metropolitan", stop, $"--data={Path.Combine(folder, $"new-{round}")}");
                var (start, ours, cpu) = await Once(program, "/metropolitan", stop, $"--data={data}");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {(round == 0 ? "warm-up" : $"round {round}")}: empty application {helloStart:0} ms, {helloMemory:0} MB; a new folder {first:0} ms ({firstCpu:0.0} s of processor), one that was there {start:0} ms ({cpu:0.0} s), {ours:0} MB"));
                if (round > 0) // the first makes the folder, and reads the files from the disk
                {
                    (empty, again, bare, memory, bareMemory) = ([.. empty, first], [.. again, start], [.. bare, helloStart], [.. memory, ours], [.. bareMemory, helloMemory]);
                }
            }

            var (startRatio, memoryRatio) = (Median(again.Zip(bare, (a, b) => a / b)), Median(memory.Zip(bareMemory, (a, b) => a / b)));
            return new Outcome(
                new Dictionary<string, string> { ["rounds"] = $"{rounds}", ["program"] = program == Standalone.Ours ? "Release build" : Path.GetFileName(Path.GetDirectoryName(program))!, ["services"] = "all", ["database"] = "SQLite" },
                new Dictionary<string, double>
                {
                    ["start_vs_hello"] = startRatio, ["start_new_vs_hello"] = Median(empty.Zip(bare, (a, b) => a / b)), ["rss_vs_hello"] = memoryRatio,
                    ["start_ms"] = Median(again), ["start_new_ms"] = Median(empty), ["hello_ms"] = Median(bare), ["rss_mb"] = Median(memory), ["hello_rss_mb"] = Median(bareMemory),
                },
                startRatio <= FloorStart && memoryRatio <= FloorMemory);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Milliseconds to the first page; ten idle seconds later its memory in MB, and processor seconds until then.</summary>
    private static async Task<(double Start, double Memory, double Cpu)> Once(string program, string page, CancellationToken stop, params IReadOnlyList<string> arguments)
    {
        await using var running = await Standalone.Start(Path.Combine(Path.GetTempPath(), $"walktalk-bench-{Environment.ProcessId}.log"), program, page, stop, arguments);
        await Task.Delay(TimeSpan.FromSeconds(10), stop);
        return (running.FirstPage.TotalMilliseconds, running.MegaBytes, running.CpuSeconds);
    }

    /// <summary>The smallest application of the same framework, built as ours is.</summary>
    private static async Task<string> Hello(string folder, CancellationToken stop)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "Hello.csproj"), """<Project Sdk="Microsoft.NET.Sdk.Web"><PropertyGroup><TargetFramework>net10.0</TargetFramework><ImplicitUsings>enable</ImplicitUsings></PropertyGroup></Project>""", stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "Program.cs"), """var app = WebApplication.CreateBuilder(args).Build(); app.MapGet("/", () => "Hello"); app.Run();""", stop);
        await Shell.Run(new ProcessStartInfo("dotnet", ["build", folder, "-c", "Release", "-v", "q", "-nologo"]), stop);
        return Path.Combine(folder, "bin", "Release", "net10.0", "Hello.dll");
    }
}
