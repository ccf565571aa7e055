using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Reflection;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults.Messaging;

/// <summary>One page of a service's facts, oldest first.</summary>
/// <param name="Facts">The facts as they were published.</param>
/// <param name="After">Where the next page begins.</param>
/// <param name="More">False on the last page there is at this moment.</param>
public sealed record HistoryPage(IReadOnlyList<Delivery> Facts, string? After, bool More);

/// <summary>The owner's side: every service hands out the facts it has published, to the other services only. The one call from service to service.</summary>
internal static class HistoryEndpoint
{
    private const int Page = 500;

    private static readonly Refusal BadCursor = new("cursor-malformed", 400, "There is no such place in the history",
        "Send the \"after\" of the page before, or leave it out to begin at the beginning.", "after");

    public static void MapHistory(this IEndpointRouteBuilder routes) => routes.MapGet("/history", Handle).Services();

    internal static async Task<IResult> Handle(HttpContext http, string names, string? after, CancellationToken ct)
    {
        var db = http.RequestServices.GetRequiredKeyedService<ServiceDb>(http.GetEndpoint()!.Metadata.GetRequiredMetadata<EndpointService>().Name);
        var wanted = names.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var facts = db.Outbox.AsNoTracking().Where(r => r.Kind == OutboxRow.Fact && wanted.Contains(r.Name));
        if (after is not null)
        {
            if (!Cursor.TryParse(after, out var at, out var id))
            {
                return BadCursor;
            }

            facts = facts.Where(r => r.CreatedAt > at || (r.CreatedAt == at && r.Id > id));
        }

        var rows = await facts.OrderBy(r => r.CreatedAt).ThenBy(r => r.Id).Take(Page)
            .Select(r => new Delivery(r.Id, r.Name, r.ForceId, r.Body, null, r.CreatedAt)).ToListAsync(ct);
        return TypedResults.Ok(new HistoryPage(rows, rows.Count == 0 ? after : Cursor.Of(rows[^1]), rows.Count == Page));
    }

    private static class Cursor
    {
        public static string Of(Delivery last) => string.Create(CultureInfo.InvariantCulture, $"{last.PublishedAt.UtcTicks}-{last.Id:N}");

        public static bool TryParse(string text, out DateTimeOffset at, out Guid id)
        {
            (at, id) = (default, default);
            if (text.Split('-') is not [var ticks, var guid] || !long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var t)
                || t > DateTimeOffset.MaxValue.Ticks || !Guid.TryParseExact(guid, "N", out id))
            {
                return false;
            }

            at = new DateTimeOffset(t, TimeSpan.Zero);
            return true;
        }
    }
}

/// <summary>
/// The reader's side: a service deployed late, or asked to build its projections anew, reads the owners' facts page by page while new
/// ones arrive. It begins when its queue stands, so a fact is in the pages, in the queue, or in both; the inbox lets each take effect
/// once. Facts may therefore come in any order, and its consumers must bear that.
/// </summary>
internal sealed class HistoryReader<TDb>(
    IServiceProvider services, Receiver<TDb> receiver, Migrator<TDb> migrator, Transport transport, KnownForces forces, ServiceTokens tokens,
    Wakeups wakeups, IConfiguration configuration, IHostApplicationLifetime lifetime, ILogger<HistoryReader<TDb>> log) : BackgroundService where TDb : ServiceDb
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    internal HttpClient Http { get; init; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var owners = services.GetRequiredKeyedService<Consumers>(receiver.Service).Histories;
        if (owners.Count == 0)
        {
            return;
        }

        await migrator.Ready.WaitAsync(stoppingToken);
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var listening = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var behind = false;
            foreach (var owner in owners)
            {
                foreach (var force in forces.Ids)
                {
                    try
                    {
                        behind |= transport.Ready && await ReadOn(owner.Key, owner.Distinct(), force, stoppingToken);
                    }
                    catch (Exception e) when (!stoppingToken.IsCancellationRequested)
                    {
                        log.OwnerAbsent(owner.Key, receiver.Service, e.GetBaseException().GetType().Name);
                    }
                }
            }

            if (!behind)
            {
                await wakeups.For($"{receiver.Service}/history").Wait(Pause, stoppingToken);
            }
        }
    }

    /// <summary>Reads one page of an owner's history; false when there is nothing more to read.</summary>
    internal async Task<bool> ReadOn(string owner, IEnumerable<string> names, string force, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<TDb>();
        db.Force = force;
        var place = await db.HistoryRead.SingleOrDefaultAsync(r => r.Owner == owner, ct);
        if (place?.ReadAt is not null || Address(owner) is not { } address)
        {
            return false;
        }

        if (place is null)
        {
            // Before the first page: a rebuild that begins meanwhile is noticed by the place being gone.
            db.HistoryRead.Add(place = new HistoryRow { Owner = owner });
            await db.SaveChangesAsync(ct);
        }

        var url = $"{address.TrimEnd('/')}/v1/{force}/history?names={Uri.EscapeDataString(string.Join(',', names))}{(place.After is { } after ? $"&after={after}" : "")}";
        using var request = new HttpRequestMessage(HttpMethod.Get, url) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", tokens.Of(receiver.Service, force)) } };
        using var answer = await Http.SendAsync(request, ct);
        answer.EnsureSuccessStatusCode();
        var page = (await answer.Content.ReadFromJsonAsync<HistoryPage>(Delivery.Json, ct))!;
        if (!await receiver.ReceiveTogether(page.Facts, ct))
        {
            foreach (var fact in page.Facts)
            {
                await receiver.Receive(fact, ct);
            }
        }

        place.After = page.After;
        place.Facts += page.Facts.Count;
        place.ReadAt = page.More ? null : db.Now;
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException)
        {
            return true; // another replica reads too, or a rebuild has begun: what was read twice took effect once
        }

        if (place.ReadAt is not null)
        {
            log.HistoryRead(place.Facts, owner, receiver.Service);
        }

        return page.More;
    }

    // A service of the same process has no address before it listens.
    private string? Address(string owner) => (configuration[$"Services:{owner}:https:0"] ?? configuration[$"Services:{owner}:http:0"]) is { } address and not ServiceHost.NotYetListening ? address : null;

    public override void Dispose()
    {
        Http.Dispose();
        base.Dispose();
    }
}

/// <summary>Builds a service's projections anew: what was derived from facts goes, and the owners' history is read again from the beginning.</summary>
internal static class Rebuild
{
    private static readonly MethodInfo Delete = typeof(Rebuild).GetMethod(nameof(DeleteAll), BindingFlags.Static | BindingFlags.NonPublic)!;

    public static async Task Begin(ServiceDb db, IReadOnlyList<string> consumers, CancellationToken ct)
    {
        foreach (var type in db.Model.GetEntityTypes().Select(t => t.ClrType).Where(t => t.IsAssignableTo(typeof(IDerivedRow))))
        {
            await (Task)Delete.MakeGenericMethod(type).Invoke(null, [db, ct])!;
        }

        await db.Inbox.Where(r => r.HandledOn != null && consumers.Contains(r.Consumer)).ExecuteDeleteAsync(ct);
        await db.HistoryRead.ExecuteDeleteAsync(ct);
        db.Audit("rebuilt", "projections", db.Service);
        await db.SaveChangesAsync(ct);
    }

    private static Task DeleteAll<T>(ServiceDb db, CancellationToken ct) where T : class => db.Set<T>().ExecuteDeleteAsync(ct);
}

internal static partial class HistoryLog
{
    [LoggerMessage(EventId = 1206, EventName = "HistoryRead", Level = LogLevel.Information, Message = "{Facts} facts of {Owner}'s history are read into {Service}")]
    public static partial void HistoryRead(this ILogger log, long facts, string owner, string service);

    [LoggerMessage(EventId = 1207, EventName = "OwnerAbsent", Level = LogLevel.Information, Message = "The history of {Owner} could not be read for {Service} ({Error}); trying again")]
    public static partial void OwnerAbsent(this ILogger log, string owner, string service, string error);
}
