using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Feedback;
using WalkTalk.Fixtures;

namespace WalkTalk.Feedback.Tests;

/// <summary>Feedback in its real host, with a key pair that stands for Booking's.</summary>
public abstract class FeedbackApp(TestOn on) : ServiceApp(on, FeedbackService.Module)
{
    private readonly ECDsa booking = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public const string Ward = "E05014098";
    public const string Borough = "E09000022";

    /// <summary>By which a provider of text messages is known.</summary>
    public const string TextToken = "a-token-of-received-texts-that-nobody-guesses";

    // A fifth of the processor time of these tests, else; the stories run with all of them.
    [ModuleInitializer]
    internal static void HashWordsQuickly() => MailboxWords.Rounds = 1_000;

    public bool TakesTexts { get; init; } = true;

    protected override IEnumerable<(string Key, string? Value)> Settings() =>
        [("Attendance:PublicKey", booking.ExportSubjectPublicKeyInfoPem()), ("Feedback:ReceivedTexts:metropolitan", TakesTexts ? TextToken : null)];

    /// <summary>Every line the host logs.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    protected override void Customise(IServiceCollection services) => services.AddLogging(log => log.AddProvider(new Lines(Log)));

    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;
        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");
        public void Dispose() { }
    }

    /// <summary>A token as Booking signs it.</summary>
    public string Token(string? nonce = null, string force = Force) => new AttendanceToken(force, Ward, "2026Q4", nonce ?? Guid.NewGuid().ToString("N")).Sign(booking);

    public static ConcernInput Light(string? text = "The lamp at the steps is out.") => new()
    {
        Code = "ENV-LIGHT-OUT", Place = new PlaceInput { WardCode = Ward, Landmark = "the steps by the station" },
        LightBand = "dark", HowOften = "most", With = "alone", BecauseOfIt = "route", Basis = "me", Intensity = 4, Text = text,
    };

    public async Task<FeedbackReceipt> Send(FeedbackSubmission submission) =>
        await Read<FeedbackReceipt>(await Client().PostAsJsonAsync("/v1/metropolitan/submissions", submission), HttpStatusCode.Created);

    public Task<FeedbackReceipt> Send(params ConcernInput[] concerns) => Send(new FeedbackSubmission { Concerns = concerns });

    /// <summary>A client whose mailbox is open.</summary>
    public async Task<HttpClient> Open(FeedbackReceipt receipt)
    {
        var client = Client();
        var opened = await Read<MailboxOpened>(await client.PostAsJsonAsync("/v1/metropolitan/mailbox/openings",
            new MailboxOpening { Reference = receipt.Reference, Words = receipt.Words }));
        client.DefaultRequestHeaders.Add("Mailbox-Access", opened.Access);
        return client;
    }

    public async Task<MailboxItem> Item(HttpClient mailbox, string kind = "concern") =>
        (await Read<MailboxView>(await mailbox.GetAsync("/v1/metropolitan/mailbox"))).Items.First(i => i.Kind == kind);

    /// <summary>The concern of a receipt, found on the triage board.</summary>
    public async Task<ConcernView> Concern(FeedbackReceipt receipt)
    {
        var reference = receipt.Items.First(i => i.Kind == "concern").Reference;
        return await Concern(await Db<FeedbackDb, Guid>(async db => (await db.Concerns.SingleAsync(c => c.Reference == reference)).Id));
    }

    public async Task<ConcernView> Concern(Guid id) =>
        await Read<ConcernView>(await Client("coordinator").GetAsync($"/v1/metropolitan/concerns/{id}"));

    /// <summary>Posts as staff, naming the version last seen.</summary>
    public async Task<HttpResponseMessage> Post(string path, object? body, long? version = null, string role = "coordinator", string? sub = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/metropolitan/{path}") { Content = JsonContent.Create(body ?? new { }) };
        if (version is not null)
            request.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
        return await Client(role, sub: sub).SendAsync(request);
    }

    public async Task<ConcernView> Triaged(FeedbackReceipt receipt)
    {
        var concern = await Concern(receipt);
        await Accepted(await Post($"concerns/{concern.Id}/triage", new TriageDecision { OwnerBody = "LA", OwnerRole = "Street lighting" }, concern.Version));
        return await Concern(concern.Id);
    }

    public ActionAgreement Repair(params Guid[] concerns) => new()
    {
        Type = "LIGHT", ConcernIds = concerns, OwnerBody = "LA", OwnerRole = "Street lighting",
        DueOn = DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime).AddDays(20), FourP = "protect",
        Asked = "Women said the lamp at the steps was out.", Promise = "Council street lighting will repair the lamp within three weeks.",
    };

    /// <summary>A concern the force says is done.</summary>
    public async Task<(ConcernView Concern, ActionView Action)> ClaimedDone(FeedbackReceipt receipt)
    {
        var concern = await Triaged(receipt);
        var action = await Read<ActionView>(await Post("actions", Repair(concern.Id)), HttpStatusCode.Created);
        await Accepted(await Post($"actions/{action.Id}/claim", new DoneClaim { Done = "A new lamp was fitted at the steps." }, action.Version));
        return (await Concern(concern.Id), action);
    }

    /// <summary>Answers as the board keeps them, of November; of every third women say that it is done.</summary>
    internal Task<List<Guid>> Published(int count, string ward, string asked = "Women asked to cut the hedge.", string code = "ENV-VEG", string period = "2026Q4") => Db<FeedbackDb, List<Guid>>(async db =>
    {
        List<Guid> ids = [];
        for (var i = 0; i < count; i++)
        {
            var entry = new BoardEntry
            {
                SourceId = Guid.NewGuid(), Category = code, Asked = asked, Period = period, BoroughCode = Borough, WardCode = period.Length == 4 ? null : ward, LightBand = period.Length == 4 ? null : "dark",
            };
            entry.ForceSays("in-hand", "said", new DateOnly(2026, 11, 1 + i % 20), "The council cuts it by December.");
            if (i % 3 == 2)
                entry.WomenSay(true, "2026Q4");
            db.Board.Add(entry);
            ids.Add(entry.Id);
        }
        await db.SaveChangesAsync();
        return ids;
    });

    public static async Task<T> Read<T>(HttpResponseMessage response, HttpStatusCode expected = HttpStatusCode.OK)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode}: {body}");
        return JsonSerializer.Deserialize<T>(body, JsonSerializerOptions.Web)!;
    }

    public static async Task Accepted(HttpResponseMessage response) =>
        Assert.True(response.StatusCode == HttpStatusCode.NoContent, $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync()}");

    public static async Task Refused(HttpResponseMessage response, string type, int status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal($"urn:walktalk:problem:{type}", JsonDocument.Parse(body).RootElement.GetProperty("type").GetString());
    }

    public sealed class Sqlite() : FeedbackApp(TestOn.OneProcess);

    public sealed class Postgres() : FeedbackApp(TestOn.PostgresAndRabbit);
}
