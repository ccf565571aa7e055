using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WalkTalk.Booking;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Contracts.Notification;
using WalkTalk.Feedback;
using WalkTalk.Fixtures;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Platform.Tests.Privacy;

/// <summary>
/// Somebody has everything at once: both databases with every column and the order in which rows lie, the messages, the log and the spans.
/// She knows which walks there were, and would know which woman said what. All walks are in one ward and one quarter, so anything that ties
/// a submission to a booking better than chance is a leak.
/// </summary>
public abstract class JoiningAttack(JoiningAttack.Both app)
{
    private const string V1 = "/api/booking/v1/metropolitan";
    private const int Walks = 4, Women = 5;

    /// <summary>Booking and Feedback in one host, with what they log and trace.</summary>
    public abstract class Both(TestOn on) : ServiceApp(on, BookingService.Module, FeedbackService.Module)
    {
        private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        public ConcurrentQueue<string> Log { get; } = new();

        protected override IEnumerable<(string Key, string? Value)> Settings() =>
            [("Booking:Rest", "00:00:00"), ("Booking:MaximumADay", "100"), ("Attendance:PrivateKey", key.ExportPkcs8PrivateKeyPem()), ("Attendance:PublicKey", key.ExportSubjectPublicKeyInfoPem())];

        protected override void Customise(IServiceCollection services) => services.AddLogging(log => log.AddProvider(new Lines(Log)));

        private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
        {
            public ILogger CreateLogger(string categoryName) => this;
            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
            public bool IsEnabled(LogLevel logLevel) => true;
            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue(formatter(state, exception));
            public void Dispose() { }
        }
    }

    private sealed record Row(string Table, IReadOnlyList<string> Cells)
    {
        public string Text { get; } = string.Join('\u001f', Cells);
    }

    [Fact]
    public async Task Nothing_ties_a_submission_to_its_booking_better_than_ward_and_quarter()
    {
        var spans = new ConcurrentQueue<string>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = _ => true, Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = a => spans.Enqueue($"{a.TraceId} {a.DisplayName} {string.Join(' ', a.TagObjects)} {string.Join(' ', a.Baggage)}"),
        };
        ActivitySource.AddActivityListener(listener);

        var her = new Dictionary<Guid, HttpClient>();
        for (var i = 0; i < Walks; i++)
        {
            foreach (var (id, client) in await Walked(i))
                her.Add(id, client);
        }

        // Each takes her token and says at once what she found, in no order of the bookings.
        var truth = new List<(Guid Booking, string Concern, TimeSpan At)>();
        foreach (var (booking, client) in her.OrderBy(_ => Guid.NewGuid()))
        {
            app.Time.Advance(TimeSpan.FromSeconds(437));
            var token = await Read<AttendanceTokenReply>(await client.PostAsync(new Uri($"{V1}/my-walk/attendance-token", UriKind.Relative), null));
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/feedback/v1/metropolitan/submissions")
            {
                Content = JsonContent.Create(new FeedbackSubmission
                {
                    AttendanceToken = token.Token,
                    Concerns = [new ConcernInput { Code = "ENV-LIGHT-OUT", Place = new PlaceInput { WardCode = "E05011095" }, LightBand = "dark", Text = "The lamp is out." }],
                    Audits = [new AuditInput { WardCode = "E05011095", LightBand = "dark", Ratings = new Dictionary<string, int> { ["A1"] = 1 } }],
                }),
            };
            request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            var receipt = await Read<FeedbackReceipt>(await app.Client().SendAsync(request));
            truth.Add((booking, receipt.Items.Single(i => i.Kind == "concern").Reference, app.Time.GetUtcNow().TimeOfDay));
        }

        // The morning after: until then the order of that day's tokens and nonces is still to be seen in the files (decision 24).
        await app.Db<BookingDb>(db => db.SettleOrder<TokenCount>(default));
        await app.Db<FeedbackDb>(db => db.ForgetOrder(default));
        var bookings = await Dump("booking");
        var feedback = await Dump("feedback");
        Assert.True(bookings.Count > 100 && feedback.Count > 100, $"{bookings.Count} and {feedback.Count} rows");

        // What a row is about: hers on one side by the booking's id, on the other by the mailbox and what hangs from it.
        var ids = truth.ToDictionary(t => t.Concern, t =>
        {
            var concern = feedback.Single(r => r.Table == "concern" && r.Cells.Contains(t.Concern));
            var mailbox = feedback.Single(r => r.Table == "mailbox" && concern.Cells.Contains(r.Cells.First(c => Guid.TryParse(c, out _))));
            return new[] { concern, mailbox }.Select(r => r.Cells.First(c => Guid.TryParse(c, out _))).ToArray();
        });
        var ofBooking = truth.ToDictionary(t => t.Booking, t => bookings.Where(r => r.Text.Contains(t.Booking.ToString(), StringComparison.OrdinalIgnoreCase)).ToList());
        var ofSubmission = truth.ToDictionary(t => t.Concern, t => feedback.Where(r => ids[t.Concern].Any(id => r.Text.Contains(id, StringComparison.OrdinalIgnoreCase))).ToList());
        Assert.All(ofBooking.Values.Concat(ofSubmission.Values), rows => Assert.True(rows.Count >= 3));

        // 1. A value, or a hash of one, that only one booking and only one submission have.
        var values = Owners(ofBooking.ToDictionary(b => b.Key.ToString(), b => b.Value.SelectMany(r => r.Cells).SelectMany(Hashes)));
        var theirs = Owners(ofSubmission.ToDictionary(s => s.Key, s => s.Value.SelectMany(r => r.Cells)));
        Assert.DoesNotContain(values, v => v.Value.Count == 1 && theirs.TryGetValue(v.Key, out var owners) && owners.Count == 1);
        var nonces = feedback.Where(r => r.Table == "spent_nonce").Select(r => r.Cells[0]).ToList();
        Assert.Equal(truth.Count, nonces.Count);
        Assert.DoesNotContain(nonces, values.ContainsKey);

        // 2. A time finer than a day that is near the moment, on the feedback's side.
        foreach (var row in feedback.Where(r => r.Table is not "__EFMigrationsHistory"))
            Assert.DoesNotContain(row.Cells, cell => TimeIn(cell) is { } at && truth.Any(t => (at - t.At).Duration() < TimeSpan.FromSeconds(60)));

        // 3. The order in which rows lie, and every column that sorts, on both sides. Kendall's tau of chance has a deviation of 0.16 at twenty:
        // two orders that hang together are at 1.
        var left = Orders(ofBooking.ToDictionary(b => b.Key.ToString(), b => b.Value), bookings);
        var right = Orders(ofSubmission, feedback);
        Assert.True(left.Count > 10 && right.Count > 10, $"{left.Count} and {right.Count} orders");
        var ties = from l in left from r in right let tau = Tau([.. truth.Select(t => (l.Value[t.Booking.ToString()], r.Value[t.Concern]))]) where Math.Abs(tau) > 0.9 select $"{l.Key} and {r.Key}: {tau:0.00}";
        Assert.Equal([], ties.Distinct());

        // 4. Log and spans: no line knows both sides, and no trace runs from one to the other.
        var sides = truth.Select(t => (One: t.Booking.ToString(), Other: ids[t.Concern])).ToList();
        Assert.DoesNotContain(app.Log.Concat(spans), line => sides.Any(s => s.Other.Any(o => line.Contains(o, StringComparison.OrdinalIgnoreCase))));
        Assert.DoesNotContain(app.Log.Concat(spans), line => nonces.Any(n => line.Contains(n, StringComparison.OrdinalIgnoreCase)));
        Assert.NotEmpty(spans);
        Assert.NotEmpty(app.Log);
    }

    /// <summary>A walk with its women, from published to ended.</summary>
    private async Task<List<(Guid, HttpClient)>> Walked(int index)
    {
        var coordinator = app.Client("coordinator");
        var row = (await coordinator.GetFromJsonAsync<List<OfficerRow>>($"{V1}/officers"))!.OrderBy(o => o.CollarNumber, StringComparer.Ordinal).ElementAt(index);
        (await coordinator.PutAsJsonAsync($"{V1}/officers/{row.OfficerId}/account", new { sub = $"officer-{index}" })).EnsureSuccessStatusCode();
        var officer = app.Client("officer", sub: $"officer-{index}");
        var start = new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero).AddHours(3 * index);
        var walk = await Read<WalkPublishedReply>(await coordinator.PostAsJsonAsync($"{V1}/walks", new
        {
            meetingPointId = "tate-modern", officerIds = new[] { row.OfficerId }, date = DateOnly.FromDateTime(start.DateTime), time = TimeOnly.FromDateTime(start.DateTime),
            minutes = 45, capacity = Women, language = "en", stepFree = false,
        }));
        var women = new List<(Guid Id, HttpClient Client)>();
        for (var i = 0; i < Women; i++)
        {
            app.Time.Advance(TimeSpan.FromSeconds(31));
            var held = await Read<PlaceHeld>(await app.Client().PostAsJsonAsync($"{V1}/walks/{walk.WalkId}/holds", new { people = 1 }));
            var hold = With("Hold", held.HoldToken);
            (await hold.PostAsJsonAsync($"{V1}/booking/contact", new { firstName = $"Amina{i}", email = $"{held.BookingId:N}@example.org" })).EnsureSuccessStatusCode();
            var told = (await app.Published<NotificationRequested>()).Single(m => m.Template == "contact-verify" && m.SubjectId == held.BookingId);
            var code = app.Services.GetRequiredService<Transit>().Open(told.Fields["!code"]);
            var confirmed = await Read<BookingConfirmedReply>(await hold.PostAsJsonAsync($"{V1}/booking/confirm", new { code }));
            women.Add((confirmed.BookingId, With("Link", confirmed.Link)));
        }
        if (app.Time.GetUtcNow() < walk.StartsAt.AddMinutes(-5))
            app.Time.SetUtcNow(walk.StartsAt.AddMinutes(-5));
        foreach (var (id, client) in women)
        {
            var words = (await client.GetFromJsonAsync<MyWalkView>($"{V1}/my-walk"))!.Words!;
            (await officer.PostAsJsonAsync($"{V1}/walks/{walk.WalkId}/bookings/{id}/words", new { heard = words.YouSay })).EnsureSuccessStatusCode();
        }
        (await officer.PostAsJsonAsync($"{V1}/walks/{walk.WalkId}/start", new { })).EnsureSuccessStatusCode();
        (await officer.PostAsync(new Uri($"{V1}/walks/{walk.WalkId}/end", UriKind.Relative), null)).EnsureSuccessStatusCode();
        return women;
    }

    private HttpClient With(string scheme, string secret)
    {
        var client = app.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, secret);
        return client;
    }

    private static async Task<T> Read<T>(HttpResponseMessage answer)
    {
        Assert.True(answer.IsSuccessStatusCode, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return (await answer.Content.ReadFromJsonAsync<T>())!;
    }

    /// <summary>Every row of every table, in the order in which they lie there.</summary>
    private async Task<List<Row>> Dump(string service)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredKeyedService<ServiceDb>(service);
        var connection = Microsoft.EntityFrameworkCore.RelationalDatabaseFacadeExtensions.GetDbConnection(db.Database);
        await connection.OpenAsync();
        var sqlite = connection.GetType().Name.StartsWith("Sqlite", StringComparison.Ordinal);
        var tables = await Query(connection, "", sqlite ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'");
        var rows = new List<Row>();
        foreach (var table in tables.Select(t => t.Cells[0]))
            rows.AddRange(await Query(connection, table, sqlite ? $"SELECT * FROM \"{table}\"" : $"SELECT * FROM \"{table}\" ORDER BY ctid"));
        return rows;
    }

    private static async Task<List<Row>> Query(DbConnection connection, string table, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the names come from the database's own catalogue
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<Row>();
        while (await reader.ReadAsync())
        {
            rows.Add(new(table, [.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch
            {
                byte[] bytes => Convert.ToHexString(bytes),
                DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
                Guid id => id.ToString(),
                var value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
            })]));
        }
        return rows;
    }

    private static Dictionary<string, HashSet<string>> Owners(Dictionary<string, IEnumerable<string>> cells) =>
        cells.SelectMany(c => c.Value.Where(v => v.Length >= 6).Select(v => (Value: v, Owner: c.Key))).GroupBy(c => c.Value, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(g => g.Key, g => g.Select(c => c.Owner).ToHashSet(), StringComparer.OrdinalIgnoreCase);

    private static IEnumerable<string> Hashes(string cell)
    {
        yield return cell;
        foreach (var text in (string[])[cell, cell.ToUpperInvariant(), cell.Replace("-", "", StringComparison.Ordinal), $"metropolitan|{cell}"])
        {
            yield return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
            yield return Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
        }
        if (Guid.TryParse(cell, out var id))
            yield return Convert.ToHexString(SHA256.HashData(id.ToByteArray()));
    }

    private static TimeSpan? TimeIn(string cell) =>
        long.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks) && ticks > new DateTime(2026, 1, 1).Ticks && ticks < new DateTime(2030, 1, 1).Ticks ? new DateTime(ticks).TimeOfDay
        : cell.Length is > 18 and < 40 && DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.UtcDateTime.TimeOfDay
        : null;

    /// <summary>Each way to put the owners into an order: where their rows of a table lie (first and last), and what stands in a column of them.</summary>
    private static Dictionary<string, Dictionary<string, double>> Orders(Dictionary<string, List<Row>> owners, List<Row> all)
    {
        var orders = new Dictionary<string, Dictionary<string, double>>();
        var place = all.Select((row, i) => (row, i)).ToDictionary(r => (object)r.row, r => r.i, ReferenceEqualityComparer.Instance);
        foreach (var table in all.Select(r => r.Table).Distinct().Where(t => owners.Values.All(rows => rows.Any(r => r.Table == t))))
        {
            var rows = owners.ToDictionary(o => o.Key, o => o.Value.Where(r => r.Table == table).ToList());
            orders[$"{table} first"] = rows.ToDictionary(o => o.Key, o => o.Value.Min(r => (double)place[r]));
            orders[$"{table} last"] = rows.ToDictionary(o => o.Key, o => o.Value.Max(r => (double)place[r]));
            for (var column = 0; column < rows.Values.First()[0].Cells.Count; column++)
            {
                var sorted = rows.OrderBy(o => o.Value[^1].Cells[column].Length).ThenBy(o => o.Value[^1].Cells[column], StringComparer.Ordinal).Select(o => o.Value[^1].Cells[column]).Distinct().ToList();
                if (sorted.Count > 1)
                    orders[$"{table} column {column}"] = rows.ToDictionary(o => o.Key, o => (double)sorted.IndexOf(o.Value[^1].Cells[column]));
            }
        }
        return orders;
    }

    private static double Tau(List<(double Left, double Right)> pairs)
    {
        var sum = 0;
        for (var i = 0; i < pairs.Count; i++)
        {
            for (var j = 0; j < i; j++)
                sum += Math.Sign(pairs[i].Left - pairs[j].Left) * Math.Sign(pairs[i].Right - pairs[j].Right);
        }
        return sum / (pairs.Count * (pairs.Count - 1) / 2.0);
    }

    public sealed class OneProcess() : Both(TestOn.OneProcess);

    public sealed class Separate() : Both(TestOn.PostgresAndRabbit);
}

public sealed class JoiningAttackOnSqlite(JoiningAttack.OneProcess app) : JoiningAttack(app), IClassFixture<JoiningAttack.OneProcess>;

public sealed class JoiningAttackOnPostgres(JoiningAttack.Separate app) : JoiningAttack(app), IClassFixture<JoiningAttack.Separate>;
