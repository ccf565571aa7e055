using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using static WalkTalk.Bench.Spread;

namespace WalkTalk.Bench.Web;

/// <summary>What a public page weighs with all it needs, and how long fifty people at once wait for one.</summary>
internal static partial class PagesRun
{
    public static Run Run { get; } = new("pages", "bytes of the public pages with all they need, and p99 under fifty clients that never rest",
    [
        ("--rounds N", "rounds of load (default 5); medians are reported"),
        ("--seconds N", "of load in each (default 6)"),
        ("--clients N", "at once, each asking for the next page as soon as it has one (default 50)"),
    ], Go);

    private const double FloorKilobytes = 100, FloorMs = 50;
    private const string Force = "/metropolitan";

    private static readonly string[] Paths =
        ["", "/walks", "/walks?near=E05014105", "/request-walk", "/check", "/tell-us", "/reference", "/done", "/done?ward=E05014105", "/figures", "/your-data", "/accessibility", "/complain"];

    private static async Task<Outcome> Go(Arguments arguments, CancellationToken stop)
    {
        var (rounds, load, clients) = (arguments.Number("--rounds", 5), TimeSpan.FromSeconds(arguments.Number("--seconds", 6)), arguments.Number("--clients", 50));
        var folder = Directory.CreateTempSubdirectory("walktalk-bench-").FullName;
        try
        {
            await using var platform = await Standalone.Start(Path.Combine(folder, "standalone.log"), Standalone.Ours, Force, stop, "--demo", $"--data={Path.Combine(folder, "data")}");
            Console.WriteLine("  waiting until the demonstration has told its year …");
            await platform.Quiet(stop);

            var weights = new Dictionary<string, (int Page, int Needs)>();
            foreach (var path in Paths)
            {
                weights[path] = await Weigh(platform.Http, Force + path, stop);
            }

            await Load(platform.Http, clients, 3 * load, stop); // warm: code is compiled anew while it is hot
            var (all, rates, cpu) = (new List<double>(), new List<double>(), new List<double>());
            var each = Paths.ToDictionary(p => p, _ => new List<double>());
            for (var round = 1; round <= rounds; round++)
            {
                var before = platform.CpuSeconds;
                var took = await Load(platform.Http, clients, load, stop);
                cpu.Add((platform.CpuSeconds - before) * 1e6 / took.Count);
                all.Add(At(took.Select(t => t.Ms), 0.99));
                rates.Add(took.Count / load.TotalSeconds);
                foreach (var page in took.GroupBy(t => t.Path))
                {
                    each[page.Key].AddRange(page.Select(p => p.Ms));
                }

                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  round {round}: {rates[^1]:0} pages a second, p50 {At(took.Select(t => t.Ms), 0.5):0.0} p99 {all[^1]:0.0} ms, {cpu[^1]:0} µs of processor each"));
            }

            foreach (var path in Paths)
            {
                var (page, needs) = weights[path];
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {Force + path,-44} {page / 1000.0,6:0.0} kB and {needs / 1000.0:0.0} kB it needs; p50 {At(each[path], 0.5),5:0.0} p99 {At(each[path], 0.99),5:0.0} ms"));
            }

            var (heaviest, p99) = (weights.Values.Max(w => w.Page + w.Needs) / 1000.0, At(all, 0.5));
            return new Outcome(
                new Dictionary<string, string> { ["rounds"] = $"{rounds}", ["seconds"] = $"{load.TotalSeconds:0}", ["clients"] = $"{clients}, on the same machine", ["pages"] = $"{Paths.Length}, equally often", ["data"] = "the demonstration's, SQLite" },
                new Dictionary<string, double>
                {
                    ["kb_public"] = heaviest, ["kb_public_mean"] = weights.Values.Average(w => w.Page + w.Needs) / 1000.0, ["p99_ms"] = p99, ["pages_per_s"] = At(rates, 0.5), ["cpu_us_per_page"] = At(cpu, 0.5),
                },
                heaviest <= FloorKilobytes && p99 <= FloorMs);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Uncompressed bytes of a page, and of every style, script and picture it names.</summary>
    private static async Task<(int Page, int Needs)> Weigh(HttpClient http, string path, CancellationToken stop)
    {
        var page = await http.GetByteArrayAsync(new Uri(path, UriKind.Relative), stop);
        var needs = 0;
        foreach (var needed in Needed().Matches(System.Text.Encoding.UTF8.GetString(page)).Select(m => m.Groups[1].Value).Distinct())
        {
            needs += (await http.GetByteArrayAsync(new Uri(WebUtility.HtmlDecode(needed), UriKind.Relative), stop)).Length;
        }

        return (page.Length, needs);
    }

    private static async Task<List<(string Path, double Ms)>> Load(HttpClient http, int clients, TimeSpan duration, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        var took = await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            var mine = new List<(string, double)>();
            for (var next = client; clock.Elapsed < duration; next++)
            {
                var (path, at) = (Paths[next % Paths.Length], Stopwatch.GetTimestamp());
                using var answer = await http.GetAsync(new Uri(Force + path, UriKind.Relative), HttpCompletionOption.ResponseContentRead, stop);
                mine.Add(answer.IsSuccessStatusCode ? (path, Stopwatch.GetElapsedTime(at).TotalMilliseconds) : throw new InvalidOperationException($"{(int)answer.StatusCode}: {path}"));
            }

            return mine;
        }));
        return [.. took.SelectMany(t => t)];
    }

    [GeneratedRegex("""<(?:link[^>]*\brel="(?:stylesheet|icon)"[^>]*\bhref|script[^>]*\bsrc|img[^>]*\bsrc)="(/[^"]+)""")]
    private static partial Regex Needed();
}
