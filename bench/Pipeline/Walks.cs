using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using WalkTalk.Bench.Hosting;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Fixtures;

namespace WalkTalk.Bench.Pipeline;

/// <summary>One POST and what became of it.</summary>
internal readonly record struct Posted(Guid? Walk, HttpStatusCode Status, long At, TimeSpan Took);

/// <summary>
/// The coordinators' office of a large force that publishes walks without end: a thousand officers take turns, each has three walks a day at her usual
/// times, and no rule of an officer's day is switched off. So what is measured waits for nobody's calendar, as in a force that is not planned twice.
/// </summary>
internal sealed class Walks : IDisposable
{
    private const int Officers = 1000, FirstDay = 2, Days = 360;
    private static readonly TimeOnly[] Starts = [new(10, 0), new(13, 0), new(16, 0)];

    private readonly HttpClient http;
    private readonly List<Guid> officers = [];
    private readonly string[] point = File.ReadLines(Repository.PathOf("packs", "metropolitan", "meeting-points.csv")).Where(l => !l.StartsWith('#')).Skip(1).First().Split(',');
    private readonly DateOnly today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
    private int next;

    private Walks(Deployment deployment)
    {
        http = new HttpClient(new SocketsHttpHandler { UseCookies = false, ActivityHeadersPropagator = null, MaxConnectionsPerServer = 512 })
        {
            BaseAddress = deployment.Of("booking").First().Address,
        };
        http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(deployment.Token("coordinator"));
    }

    /// <summary>With the officers imported, as a force does it.</summary>
    public static async Task<Walks> Of(Deployment deployment, CancellationToken ct)
    {
        var walks = new Walks(deployment);
        var file = string.Join('\n', Enumerable.Range(0, Officers).Select(n => $"Robin,{n:D4} BENCH,{walks.point[1]},en,no").Prepend("first_name,collar,areas,languages,bsl"));
        using var imported = await walks.http.PostAsync("/v1/metropolitan/import/officers", new StringContent(file, System.Text.Encoding.UTF8, "text/csv"), ct);
        imported.EnsureSuccessStatusCode();
        walks.officers.AddRange((await walks.http.GetFromJsonAsync<List<OfficerRow>>("/v1/metropolitan/officers", ct))!.Where(o => o.CollarNumber.EndsWith("BENCH", StringComparison.Ordinal)).Select(o => o.OfficerId));
        return walks;
    }

    /// <summary>Publishes the next walk.</summary>
    public async Task<Posted> Post(CancellationToken ct)
    {
        var at = Stopwatch.GetTimestamp();
        using var answer = await http.PostAsJsonAsync("/v1/metropolitan/walks", Next(), ct);
        var walk = answer.StatusCode == HttpStatusCode.Created ? (await answer.Content.ReadFromJsonAsync<WalkPublishedReply>(ct))!.WalkId : (Guid?)null;
        return new Posted(walk, answer.StatusCode, at, Stopwatch.GetElapsedTime(at));
    }

    /// <summary>So many at once, each as soon as the one before is answered.</summary>
    public async Task<List<Posted>> Closed(int callers, TimeSpan duration, CancellationToken ct)
    {
        var clock = Stopwatch.StartNew();
        var posted = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var mine = new List<Posted>();
            while (clock.Elapsed < duration)
            {
                mine.Add(await Post(ct));
            }

            return mine;
        }, ct)));
        return [.. posted.SelectMany(p => p)];
    }

    /// <summary>So many a second whatever becomes of them, as people come.</summary>
    public async Task<List<Posted>> Open(double perSecond, TimeSpan duration, Action<Posted>? answered, CancellationToken ct)
    {
        return [.. await Pace.Open(perSecond, duration, async _ =>
        {
            var posted = await Post(ct);
            answered?.Invoke(posted);
            return posted;
        }, ct)];
    }

    public void Dispose() => http.Dispose();

    private PublishWalkRequest Next()
    {
        var n = Interlocked.Increment(ref next) - 1;
        var (officer, slot) = (officers[n % officers.Count], n / officers.Count);
        if (slot / Starts.Length >= Days)
        {
            throw new InvalidOperationException("Every officer is busy for a year: make the run shorter.");
        }

        return new PublishWalkRequest { MeetingPointId = point[0], OfficerIds = [officer], Date = today.AddDays(FirstDay + (slot / Starts.Length)), Time = Starts[slot % Starts.Length] };
    }
}
