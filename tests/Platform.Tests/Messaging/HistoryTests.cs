using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Booking;
using WalkTalk.Feedback;
using WalkTalk.Fixtures;
using WalkTalk.Reporting;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Platform.Tests.Messaging;

/// <summary>A year of walks and concerns, with Reporting from the first day or deployed when the year is over.</summary>
public abstract class HistoryTests(HistoryTests.Year early, HistoryTests.Year late)
{
    [Fact]
    public async Task A_service_deployed_late_has_every_row_that_it_would_have_had_from_the_first_day()
    {
        await early.Quiet();
        await late.Quiet();
        await late.Restart(("services", "booking,feedback,reporting"));
        await late.Caught("booking", "feedback");

        var (expected, found) = (await early.Rows(), await late.Rows());
        Assert.InRange(expected.Count, 2000, 100_000);
        Assert.Equal(expected, found);

        // Built anew it is the same again, and facts that come meanwhile are not counted twice.
        var rebuild = await late.Client("operator").PostAsync("/api/reporting/v1/metropolitan/operations/rebuild", null);
        Assert.Equal(HttpStatusCode.Accepted, rebuild.StatusCode);
        await late.Caught("booking", "feedback");
        Assert.Equal(expected, await late.Rows());
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("operator", HttpStatusCode.Unauthorized)]
    public async Task The_history_is_for_services_only(string? role, HttpStatusCode refused) =>
        Assert.Equal(refused, (await early.Client(role).GetAsync("/api/booking/v1/metropolitan/history?names=walk-published")).StatusCode);

    [Fact]
    public async Task A_place_in_the_history_that_cannot_be_is_named()
    {
        using var client = early.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", early.Services.GetRequiredService<ServiceTokens>().Of("reporting", ServiceApp.Force));
        var answer = await client.GetAsync("/api/booking/v1/metropolitan/history?names=walk-published&after=yesterday");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True((await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").TryGetProperty("after", out _));
    }

    [Fact]
    public async Task A_service_of_another_force_reads_nothing()
    {
        using var client = early.Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", early.Services.GetRequiredService<ServiceTokens>().Of("reporting", "north-wales"));
        Assert.Equal(HttpStatusCode.Forbidden, (await client.GetAsync("/api/booking/v1/metropolitan/history?names=walk-published")).StatusCode);
    }

    public abstract class Year(TestOn on, string services) : ServiceApp(on, BookingService.Module, FeedbackService.Module, ReportingService.Module)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [("Demo:Enabled", "true"), ("services", services)];

        private IEnumerable<string> Deployed => Services.GetRequiredService<LocalServices>().Names;

        /// <summary>Until nothing that is due waits any more.</summary>
        public Task Quiet() => Eventually(async () =>
        {
            foreach (var service in Deployed)
            {
                await using var scope = Services.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredKeyedService<ServiceDb>(service);
                db.Force = Force;
                if (!await db.Outbox.AnyAsync() && service != "reporting")
                {
                    return false;
                }

                // Requests to Notification wait for ever: it is not deployed here.
                if (await db.Outbox.AnyAsync(r => r.SentAt == null && r.Kind == OutboxRow.Fact) || await db.Inbox.AnyAsync(r => r.HandledOn == null))
                {
                    return false;
                }
            }

            return true;
        }, "the year to be told");

        /// <summary>Until Reporting has read the owners' history to its end.</summary>
        public async Task Caught(params string[] owners)
        {
            await Eventually(async () => (await Client("operator").GetFromJsonAsync<MessagingStatus>("/api/reporting/v1/metropolitan/operations/status"))!
                .Histories.Where(h => h.ReadAt is not null).Select(h => h.Owner).SequenceEqual(owners), "the history to be read");
            await Quiet();
        }

        /// <summary>Every cell of Reporting's projections.</summary>
        public async Task<List<string>> Rows()
        {
            await using var scope = Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredKeyedService<ServiceDb>("reporting");
            db.Force = Force;
            var rows = new List<string>();
            foreach (var type in db.Model.GetEntityTypes().Where(t => t.ClrType.IsAssignableTo(typeof(IDerivedRow))))
            {
                var set = (IQueryable<object>)typeof(DbContext).GetMethod(nameof(DbContext.Set), [])!.MakeGenericMethod(type.ClrType).Invoke(db, null)!;
                rows.AddRange((await set.AsNoTracking().ToListAsync()).Select(row => $"{type.ClrType.Name} {JsonSerializer.Serialize(row, row.GetType())}"));
            }

            rows.Sort(StringComparer.Ordinal);
            return rows;
        }
    }

    public sealed class EarlyOnSqlite() : Year(TestOn.OneProcess, "booking,feedback,reporting");

    public sealed class LateOnSqlite() : Year(TestOn.OneProcess, "booking,feedback");

    public sealed class EarlyOnPostgres() : Year(TestOn.PostgresAndRabbit, "booking,feedback,reporting");

    public sealed class LateOnPostgres() : Year(TestOn.PostgresAndRabbit, "booking,feedback");
}

public sealed class HistoryInOneProcess(HistoryTests.EarlyOnSqlite early, HistoryTests.LateOnSqlite late)
    : HistoryTests(early, late), IClassFixture<HistoryTests.EarlyOnSqlite>, IClassFixture<HistoryTests.LateOnSqlite>;

public sealed class HistoryOverRabbitMq(HistoryTests.EarlyOnPostgres early, HistoryTests.LateOnPostgres late)
    : HistoryTests(early, late), IClassFixture<HistoryTests.EarlyOnPostgres>, IClassFixture<HistoryTests.LateOnPostgres>;
