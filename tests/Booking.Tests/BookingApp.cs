using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.Fixtures;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests;

/// <summary>Booking in its real host, and the steps its stories are made of.</summary>
public abstract class BookingApp(TestOn on) : ServiceApp(on, BookingService.Module)
{
    public const string OtherForce = "west-mercia";
    private readonly string packs = Directory.CreateTempSubdirectory("walktalk-packs-").FullName;
    private int planned;

    public sealed class Sqlite() : BookingApp(TestOn.OneProcess);

    public sealed class Postgres() : BookingApp(TestOn.PostgresAndRabbit)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() =>
            [.. base.Settings(), ("Attendance:PrivateKey", System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem())];
    }

    // A second force with the first one's data: the same officers' numbers, other rows.
    protected override IEnumerable<(string Key, string? Value)> Settings()
    {
        foreach (var force in (string[])[Force, OtherForce])
        {
            var folder = Directory.CreateDirectory(Path.Combine(packs, force)).FullName;
            foreach (var file in Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "packs", Force)))
            {
                var text = File.ReadAllText(file);
                if (force == OtherForce && Path.GetFileName(file) == "officers.csv") text = Regex.Replace(text, "^[0-9a-f]{4}", "0000", RegexOptions.Multiline);
                if (force == OtherForce) text = text.Replace($"\"{Force}\"", $"\"{OtherForce}\"", StringComparison.Ordinal);
                File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)), text);
            }
        }
        // Stories give one officer walk after walk, at any hour: her limits have tests of their own.
        return [("ForcePacks:Folder", packs), ("Booking:Rest", "00:00:00"), ("Booking:MaximumADay", "100")];
    }

    public HttpClient Coordinator => Client("coordinator");

    public async Task<OfficerRow> OfficerNamed(string collar) =>
        (await Coordinator.GetFromJsonAsync<List<OfficerRow>>("/v1/metropolitan/officers"))!.Single(o => o.CollarNumber == collar);

    /// <summary>An officer with an account, and her client.</summary>
    public async Task<(OfficerRow Officer, HttpClient Client)> SignedInOfficer(int index)
    {
        var officers = (await Coordinator.GetFromJsonAsync<List<OfficerRow>>("/v1/metropolitan/officers"))!.OrderBy(o => o.CollarNumber).ToList();
        var officer = officers[index];
        var sub = $"sub-of-{officer.CollarNumber.Replace(" ", "")}";
        (await Coordinator.PutAsJsonAsync($"/v1/metropolitan/officers/{officer.OfficerId}/account", new { sub })).EnsureSuccessStatusCode();
        return (officer, Client("officer", sub: sub));
    }

    public static object Plan(Guid officer, DateTimeOffset start, int capacity = 2, string point = "tate-modern", int minutes = 45) => new
    {
        meetingPointId = point, officerIds = new[] { officer }, date = DateOnly.FromDateTime(start.DateTime), time = TimeOnly.FromDateTime(start.DateTime),
        minutes, capacity, language = "en", stepFree = false,
    };

    /// <summary>A walk of this officer at a time no other test of this class uses: each call moves on by three hours.</summary>
    public async Task<WalkPublishedReply> Publish(Guid officer, int capacity = 2, DateTimeOffset? at = null)
    {
        var start = at ?? NextFreeTime();
        var answer = await Coordinator.PostAsJsonAsync("/v1/metropolitan/walks", Plan(officer, start, capacity));
        return await answer.Content<WalkPublishedReply>(HttpStatusCode.Created);
    }

    public DateTimeOffset NextFreeTime() => new DateTimeOffset(Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(1).AddHours(9).AddHours(3 * Interlocked.Increment(ref planned));

    public HttpClient With(string scheme, string secret)
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, secret);
        return client;
    }

    public async Task<PlaceHeld> Hold(Guid walkId, int people = 1) =>
        await (await Client().PostAsJsonAsync($"/v1/metropolitan/walks/{walkId}/holds", new { people })).Content<PlaceHeld>(HttpStatusCode.Created);

    /// <summary>Gives contact and reads the code from the message that would be sent.</summary>
    public async Task<string> Code(PlaceHeld held, string email = "amina@example.org")
    {
        (await With("Hold", held.HoldToken).PostAsJsonAsync("/v1/metropolitan/booking/contact", new { firstName = "Amina", email })).EnsureSuccessStatusCode();
        return Open((await Messages("contact-verify", held.BookingId)).MaxBy(m => m.SubjectVersion)!, "!code");
    }

    public async Task<(Guid BookingId, HttpClient Client)> Book(Guid walkId, int people = 1, string? email = null)
    {
        var held = await Hold(walkId, people);
        var code = await Code(held, email ?? $"{held.BookingId:N}@example.org");
        var confirmed = await (await With("Hold", held.HoldToken).PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code })).Content<BookingConfirmedReply>(HttpStatusCode.OK);
        return (confirmed.BookingId, With("Link", confirmed.Link));
    }

    public async Task<MyWalkView> MyWalk(HttpClient her) => (await her.GetFromJsonAsync<MyWalkView>("/v1/metropolitan/my-walk"))!;

    public async Task<IReadOnlyList<NotificationRequested>> Messages(string template, Guid subject) =>
        [.. (await Published<NotificationRequested>()).Where(m => m.Template == template && m.SubjectId == subject)];

    public string Open(NotificationRequested message, string field) => Services.GetRequiredService<Transit>().Open(message.Fields[field]);

    /// <summary>What the round does when a booking's days are over, at once.</summary>
    public Task Forget(Guid bookingId) => Db<BookingDb>(async db =>
    {
        await Rules(db).Forget(await db.Bookings.SingleAsync(b => b.Id == bookingId), CancellationToken.None);
        await db.SaveChangesAsync();
    });

    public Task ForgetRequest(Guid requestId) => Db<BookingDb>(async db =>
    {
        await Rules(db).Forget(await db.WalkRequests.SingleAsync(r => r.Id == requestId), CancellationToken.None);
        await db.SaveChangesAsync();
    });

    /// <summary>From when the days of a booking's contact are counted.</summary>
    public Task<DateTimeOffset> CountedFrom(Guid bookingId) => Db<BookingDb, DateTimeOffset>(async db =>
        (await Rules(db).NeverPlaced.Where(k => k.Row.Id == bookingId).ToListAsync())
            .Concat(await Rules(db).Walked.Where(k => k.Row.Id == bookingId).ToListAsync()).Single().Since);

    private Retention Rules(BookingDb db) => new(db, Services.GetRequiredService<ForcePackCatalogue>(), Services.GetRequiredService<PersonalData>());

    internal Task<Walk> Walk(Guid id) => Db<BookingDb, Walk>(db => db.Walks.AsNoTracking().SingleAsync(w => w.Id == id));
    internal Task<Booking> Booking(Guid id) => Db<BookingDb, Booking>(db => db.Bookings.AsNoTracking().SingleAsync(b => b.Id == id));
}

internal static class Answers
{
    public static async Task<T> Content<T>(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        Assert.True(answer.StatusCode == expected, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<T>())!;
    }

    /// <summary>The named refusal, e.g. walk-full.</summary>
    public static async Task<string> Refusal(this HttpResponseMessage answer, int status)
    {
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True((int)answer.StatusCode == status, $"{(int)answer.StatusCode}: {text}");
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(text)!["type"]!.GetValue<string>().Replace(WalkTalk.ServiceDefaults.Refusal.Prefix, "", StringComparison.Ordinal);
    }

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
