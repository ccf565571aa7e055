using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Durability;

/// <summary>
/// A client's own history: every request is written down before it is sent, and sent again under its key until it is answered.
/// What the platform may have lost or doubled is found by comparing it with this.
/// </summary>
internal sealed class Ledger(StandalonePlatform platform)
{
    private const string Booking = "/api/booking/v1/metropolitan";
    private const string Feedback = "/api/feedback/v1/metropolitan";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly ConcurrentQueue<Entry> entries = new();
    private readonly List<Guid> officers = [];
    private WalkPublishedReply? contended;
    private int numbers = -1;
    private int refusals;

    /// <summary>Places of the one walk that everybody wants.</summary>
    public const int Places = 20;

    /// <summary>One request and what became of it.</summary>
    internal sealed class Entry(string kind, string path, object body, string? token)
    {
        public string Key { get; } = $"{Guid.NewGuid()}";
        public string Kind => kind;
        public string Path => path;
        public object Body => body;
        public string? Token => token;
        public string? Answer { get; set; }

        /// <summary>A no of the domain, e.g. a walk that is full, is an answer and changed nothing.</summary>
        public bool Refused { get; set; }

        public bool Accepted => Answer is not null && !Refused;
    }

    public IReadOnlyList<Entry> Accepted => [.. entries.Where(e => e.Accepted)];

    public int Unanswered => entries.Count(e => e.Answer is null);

    public int Count(string kind) => entries.Count(e => e.Accepted && e.Kind == kind);

    /// <summary>How often somebody was told to come back later.</summary>
    public int ComeBackLater => Volatile.Read(ref refusals);

    /// <summary>The walk that everybody wants.</summary>
    public Guid ContendedWalk => contended!.WalkId;

    private string Coordinator => platform.Issuer!.Token("ledger", "coordinator", "metropolitan");

    /// <summary>Finds the officers, and publishes the walk that everybody wants.</summary>
    public async Task Begin()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(platform.Address, $"{Booking}/officers"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Coordinator);
        using var answer = await Http.SendAsync(request);
        var rows = (await answer.Content.ReadFromJsonAsync<List<OfficerRow>>(Json))!;
        officers.AddRange(rows.Where(o => o.Languages.Contains("en")).Select(o => o.OfficerId));
        contended = JsonSerializer.Deserialize<WalkPublishedReply>((await Do(Walk(Interlocked.Increment(ref numbers), Places), CancellationToken.None)).Answer!, Json);
    }

    /// <summary>Several people at once, each doing one thing after the other until it is over.</summary>
    public Task Load(int people, CancellationToken over) => Task.WhenAll(Enumerable.Range(0, people).Select(async _ =>
    {
        while (!over.IsCancellationRequested)
        {
            try
            {
                await Do(Next(), over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // What was on its way stays unanswered.
            }
        }
    }));

    /// <summary>Waits until so many more have been answered.</summary>
    public async Task Answered(int more, CancellationToken ct)
    {
        for (var enough = entries.Count(e => e.Answer is not null) + more; entries.Count(e => e.Answer is not null) < enough;)
        {
            await Task.Delay(10, ct);
        }
    }

    /// <summary>Sends again what was not answered, under its key.</summary>
    public async Task Settle()
    {
        foreach (var entry in entries.Where(e => e.Answer is null))
        {
            await Send(entry, CancellationToken.None);
        }
    }

    /// <summary>Sends everything that was accepted once more: the platform must know it, and answer as it did.</summary>
    public async Task Remembered(IEnumerable<Entry> accepted)
    {
        foreach (var entry in accepted)
        {
            var first = entry.Answer;
            Assert.True(await Send(entry, CancellationToken.None), $"{entry.Kind} was accepted and is not known any more: {first}");
            Assert.Equal(first, entry.Answer);
        }
    }

    private Entry Next()
    {
        var number = Interlocked.Increment(ref numbers);
        return (number % 3) switch
        {
            0 => Walk(number, 2),
            1 => new Entry("hold", $"{platform.Address}{Booking[1..]}/walks/{ContendedWalk}/holds", new HoldPlaceRequest(), null),
            _ => new Entry("concern", $"{platform.Address}{Feedback[1..]}/submissions",
                new FeedbackSubmission { Concerns = [new ConcernInput { Code = "ENV-VEG", Place = new PlaceInput { WardCode = "E05011095" }, LightBand = "dusk", Text = "The hedge hides the path." }] }, null),
        };
    }

    // Each number has a time and an officer of its own: what is done twice would be refused.
    private Entry Walk(int number, int capacity)
    {
        var slot = number / officers.Count;
        return new Entry("walk", $"{platform.Address}{Booking[1..]}/walks", new PublishWalkRequest
        {
            MeetingPointId = "southwark-station", OfficerIds = [officers[number % officers.Count]], Capacity = capacity,
            Date = DateOnly.FromDateTime(DateTime.UtcNow).AddDays(2 + (slot / 9)), Time = new TimeOnly(7, 0).AddMinutes(90 * (slot % 9)),
        }, Coordinator);
    }

    private async Task<Entry> Do(Entry entry, CancellationToken over)
    {
        entries.Enqueue(entry);
        await Send(entry, over);
        return entry;
    }

    /// <returns>Whether the answer was one that the platform had given before.</returns>
    private async Task<bool> Send(Entry entry, CancellationToken over)
    {
        while (true)
        {
            over.ThrowIfCancellationRequested();
            using var request = new HttpRequestMessage(HttpMethod.Post, entry.Path) { Content = JsonContent.Create(entry.Body, entry.Body.GetType()) };
            request.Headers.Add("Idempotency-Key", entry.Key);
            request.Headers.Authorization = entry.Token is null ? null : new AuthenticationHeaderValue("Bearer", entry.Token);
            try
            {
                using var answer = await Http.SendAsync(request, over);
                var text = await answer.Content.ReadAsStringAsync(over);
                if (answer.IsSuccessStatusCode || (answer.StatusCode == HttpStatusCode.Conflict && entry.Kind == "hold"))
                {
                    (entry.Answer, entry.Refused) = (text, !answer.IsSuccessStatusCode);
                    return answer.Headers.Contains("Idempotency-Replayed");
                }

                Assert.True(answer.StatusCode == HttpStatusCode.ServiceUnavailable, $"{entry.Kind}: {(int)answer.StatusCode} {text}");
                Interlocked.Increment(ref refusals);
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // The process is gone, or went away in the middle of its answer.
            }

            await Task.Delay(50, over);
        }
    }
}
