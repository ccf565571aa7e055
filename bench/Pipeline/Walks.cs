using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using WalkTalk.Bench.Hosting;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Bench.Pipeline;

/// <summary>One POST and what became of it.</summary>
internal readonly record struct Posted(Guid? Walk, HttpStatusCode Status, long At, TimeSpan Took);

/// <summary>A coordinator who publishes walks without end: each for another officer at another time, so that nothing but the pipeline holds her up.</summary>
internal sealed class Walks : IDisposable
{
    private const int MinutesApart = 30, FirstDay = 2, Days = 350;
    private static readonly TimeSpan From = TimeSpan.FromHours(6), Until = TimeSpan.FromHours(23);

    private readonly HttpClient http;
    private readonly IReadOnlyList<Guid> officers;
    private readonly string point;
    private readonly DateOnly today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
    private int next;

    public Walks(Deployment deployment, IReadOnlyList<Guid> officers, string point)
    {
        (this.officers, this.point) = (officers, point);
        http = new HttpClient(new SocketsHttpHandler { UseCookies = false, ActivityHeadersPropagator = null, MaxConnectionsPerServer = 512 })
        {
            BaseAddress = deployment.Of("booking").First().Address,
        };
        http.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(deployment.Token("coordinator"));
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
        var clock = Stopwatch.StartNew();
        var under = new List<Task<Posted>>();
        for (var n = 0; clock.Elapsed < duration; n++)
        {
            var due = TimeSpan.FromSeconds(n / perSecond) - clock.Elapsed;
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due, ct);
            }

            under.Add(Task.Run(async () =>
            {
                var posted = await Post(ct);
                answered?.Invoke(posted);
                return posted;
            }, ct));
        }

        return [.. await Task.WhenAll(under)];
    }

    public void Dispose() => http.Dispose();

    private PublishWalkRequest Next()
    {
        var n = Interlocked.Increment(ref next) - 1;
        var (officer, slot) = (officers[n % officers.Count], n / officers.Count);
        var perDay = (int)((Until - From).TotalMinutes / MinutesApart);
        if (slot / perDay >= Days)
        {
            throw new InvalidOperationException("Every officer is busy for a year: make the run shorter.");
        }

        return new PublishWalkRequest
        {
            MeetingPointId = point, OfficerIds = [officer], Minutes = MinutesApart,
            Date = today.AddDays(FirstDay + (slot / perDay)), Time = TimeOnly.FromTimeSpan(From + TimeSpan.FromMinutes(slot % perDay * MinutesApart)),
        };
    }
}
