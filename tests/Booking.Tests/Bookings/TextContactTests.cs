using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.Fixtures;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Tests.Bookings;

/// <summary>A mobile number in the place of an e-mail address.</summary>
public abstract class TextContactTests(BookingApp app)
{
    private const string Contact = "/v1/metropolitan/booking/contact";

    private static string Number() => $"07700 9{Random.Shared.Next(0, 100_000):D5}";

    private static string Kept(string number) => "+44" + number.Replace(" ", "", StringComparison.Ordinal)[1..];

    private string To(NotificationRequested message) => app.Services.GetRequiredService<Transit>().Open(message.RecipientProtected);

    private async Task<PlaceHeld> Held()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        return await app.Hold((await app.Publish(officer.OfficerId)).WalkId);
    }

    [Fact]
    public async Task A_woman_without_an_address_books_with_her_number()
    {
        var (held, number) = (await Held(), Number());
        var code = await app.Code(held, number);
        Assert.Equal(Kept(number), To((await app.Messages("contact-verify", held.BookingId)).Single()));

        var confirmed = await (await app.With("Hold", held.HoldToken).PostAsJsonAsync("/v1/metropolitan/booking/confirm", new { code })).Content<BookingConfirmedReply>(HttpStatusCode.OK);
        Assert.Equal("confirmed", (await app.MyWalk(app.With("Link", confirmed.Link))).State);
        Assert.Equal(Kept(number), To((await app.Messages("walk-confirmed", held.BookingId)).Single()));
        var row = await app.Booking(held.BookingId);
        Assert.DoesNotContain(Kept(number)[3..], $"{row.ContactProtected}{row.ContactHash}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Codes_to_one_number_are_limited_however_it_is_typed()
    {
        var number = Number();
        string[] typed = [number, Kept(number), number.Replace(" ", "-", StringComparison.Ordinal), $"0044{Kept(number)[3..]}", $"+44 (0){number[1..]}", Kept(number)[1..]];
        foreach (var form in typed) await app.Code(await Held(), form);
        var seventh = app.With("Hold", (await Held()).HoldToken);
        Assert.Equal("too-many-codes", await (await seventh.PostAsJsonAsync(Contact, new { firstName = "Amina", email = number })).Refusal(429));
    }

    [Theory]
    [InlineData("020 7946 0123")]
    [InlineData("07700 90012")]
    [InlineData("+1 202 555 0123")]
    [InlineData("nonsense")]
    public async Task What_is_neither_is_refused_beside_its_field_with_what_would_be_right(string typed)
    {
        foreach (var answer in new[]
        {
            await app.With("Hold", (await Held()).HoldToken).PostAsJsonAsync(Contact, new { firstName = "Amina", email = typed }),
            await app.Client().PostAsJsonAsync("/v1/metropolitan/requests", new { firstName = "Amina", email = typed }),
        })
        {
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
            var said = problem["errors"]!.AsObject().Single();
            Assert.Equal("email", said.Key, ignoreCase: true);
            Assert.Contains("UK mobile number such as 07700 900123", said.Value!.ToJsonString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_walk_is_asked_for_with_a_number()
    {
        var number = Number();
        var asked = await (await app.Client().PostAsJsonAsync("/v1/metropolitan/requests", new { firstName = "Amina", email = number })).Content<WalkAskedFor>(HttpStatusCode.Created);
        var sent = (await app.Messages("contact-verify", asked.RequestId)).Single();
        Assert.Equal(Kept(number), To(sent));
        (await app.With("Request", asked.Token).PostAsJsonAsync("/v1/metropolitan/my-request/confirm", new { code = app.Open(sent, "!code") })).EnsureSuccessStatusCode();
        Assert.Equal(Kept(number), To((await app.Messages("request-received", asked.RequestId)).Single()));
    }

    [Fact]
    public async Task A_guardian_has_a_number_of_her_own()
    {
        var (held, hers, guardian) = (await Held(), Number(), Number());
        var hold = app.With("Hold", held.HoldToken);
        object With(string email) => new { firstName = "Amina", email = hers, guardian = new { firstName = "Zahra", email } };
        Assert.Equal("guardian-same-contact", await (await hold.PostAsJsonAsync(Contact, With(Kept(hers)))).Refusal(422));
        Assert.Equal(HttpStatusCode.BadRequest, (await hold.PostAsJsonAsync(Contact, With("020 7946 0123"))).StatusCode);
        if (guardian == hers) guardian = Kept(hers)[..^1] + (hers[^1] == '0' ? '1' : '0');
        (await hold.PostAsJsonAsync(Contact, With(guardian))).EnsureSuccessStatusCode();
        Assert.Equal(guardian.StartsWith('+') ? guardian : Kept(guardian), To((await app.Messages("guardian-code", held.BookingId)).Single()));
    }

    public sealed class Sqlite() : BookingApp(TestOn.OneProcess)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Contact:Sms", "true")];
    }

    public sealed class Postgres() : BookingApp(TestOn.PostgresAndRabbit)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Contact:Sms", "true"),
            ("Attendance:PrivateKey", System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP256).ExportPkcs8PrivateKeyPem())];
    }
}

public sealed class TextContactOnSqlite(TextContactTests.Sqlite app) : TextContactTests(app), IClassFixture<TextContactTests.Sqlite>;

public sealed class TextContactOnPostgres(TextContactTests.Postgres app) : TextContactTests(app), IClassFixture<TextContactTests.Postgres>;

/// <summary>Where no text messages are sent a number is no contact, and that is said before anything is kept.</summary>
public abstract class NoTextContactTests(BookingApp app)
{
    [Fact]
    public async Task A_number_is_refused_and_nothing_is_sent()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var held = await app.Hold((await app.Publish(officer.OfficerId)).WalkId);
        var hold = app.With("Hold", held.HoldToken);
        var answer = await hold.PostAsJsonAsync("/v1/metropolitan/booking/contact", new { firstName = "Amina", email = "07700 900123" });
        Assert.Equal("texts-not-sent", await answer.Refusal(422));
        Assert.Equal("""{"email":["Give an e-mail address, for example amina@example.org."]}""", await Errors(answer));

        var guardian = await hold.PostAsJsonAsync("/v1/metropolitan/booking/contact",
            new { firstName = "Amina", email = $"{held.BookingId:N}@example.org", guardian = new { firstName = "Zahra", email = "07700 900123" } });
        Assert.StartsWith("""{"guardian.email":""", await Errors(guardian), StringComparison.Ordinal);
        Assert.Equal("texts-not-sent", await guardian.Refusal(422));
        Assert.Equal("texts-not-sent", await (await app.Client().PostAsJsonAsync("/v1/metropolitan/requests", new { firstName = "Amina", email = "07700 900123" })).Refusal(422));

        Assert.Empty(await app.Messages("contact-verify", held.BookingId));
        var row = await app.Booking(held.BookingId);
        Assert.Equal((null, null, 0), (row.ContactHash, row.CodeHash, row.CodesSent));
    }

    private static async Task<string> Errors(HttpResponseMessage answer) => JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["errors"]!.ToJsonString();
}

public sealed class NoTextContactOnSqlite(BookingApp.Sqlite app) : NoTextContactTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class NoTextContactOnPostgres(BookingApp.Postgres app) : NoTextContactTests(app), IClassFixture<BookingApp.Postgres>;
