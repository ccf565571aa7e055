using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.ServiceDefaults.Messaging;

/// <summary>How a service's messages stand, for operators. Times in seconds.</summary>
public sealed record MessagingStatus(
    string Service, string Database, string Transport, bool TransportReady, string PackHash,
    int Waiting, double OldestWaitingSeconds, int Scheduled, int Retrying, int Parked, IReadOnlyList<HistoryStatus> Histories);

/// <summary>How far this service has read the facts of another.</summary>
/// <param name="Owner">The other service.</param>
/// <param name="Facts">So many are read.</param>
/// <param name="ReadAt">When the last page was read; null while it is still reading, or waits for the other service.</param>
public sealed record HistoryStatus(string Owner, long Facts, DateTimeOffset? ReadAt);

/// <summary>A message that needs a person. It never shows what the message says.</summary>
/// <param name="Id">The message.</param>
/// <param name="Consumer">Who failed at it; empty for one that could not be sent.</param>
/// <param name="Name">The kind of message.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="Error">What went wrong: a type and a place in the code.</param>
/// <param name="ParkedAt">Since when it is parked; null while it is still tried again.</param>
/// <param name="DueAt">When it is tried next.</param>
/// <param name="PublishedAt">When it was written; the day only where the moment must not be told, null where that cannot be read.</param>
public sealed record StuckMessage(
    Guid Id, string Consumer, string Name, int Attempts, string? Error, DateTimeOffset? ParkedAt, DateTimeOffset? DueAt, DateTimeOffset? PublishedAt);

/// <summary>What an operator wants tried again.</summary>
public sealed record ReleaseMessages
{
    /// <summary>Only those at this consumer; without it all that are parked, save those that cannot be read and would only fail again.</summary>
    public string? Consumer { get; init; }
}

/// <summary>How many messages are being tried again.</summary>
public sealed record MessagesReleased(int Count);

/// <summary>Why a message is given up.</summary>
public sealed record DiscardMessage
{
    /// <summary>The reason, kept in the audit trail, 3 to 300 characters.</summary>
    [System.ComponentModel.DataAnnotations.Required, System.ComponentModel.DataAnnotations.StringLength(300, MinimumLength = 3)]
    public required string Note { get; init; }
}

/// <summary>What an operator sees and does, the same in every service. No personal data.</summary>
internal static class Operations
{
    private static readonly Refusal NotStuck = new("message-not-stuck", 404, "There is no such stuck message", "It was sent, handled or discarded meanwhile.");
    private static readonly Refusal NothingToRebuild = new("nothing-to-rebuild", 404, "This service builds nothing from the facts of others", "Ask one that does, such as reporting.");
    private static readonly Refusal NoNote = new("note-required", 400, "Say why the message is given up", "Send a note of 3 to 300 characters.", "note");

    public static void MapOperations(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/operations/status", Status).Staff("operator", "administrator");
        routes.MapGet("/operations/messages", Messages).Staff("operator", "administrator");
        routes.MapPost("/operations/messages/{id:guid}/release", Release).Staff("operator", "administrator");
        routes.MapPost("/operations/messages/release", ReleaseAll).Staff("operator", "administrator");
        routes.MapPost("/operations/messages/{id:guid}/discard", Discard).Staff("operator", "administrator");
        routes.MapPost("/operations/rebuild", BuildAnew).Staff("operator", "administrator");
    }

    private static ServiceDb Db(HttpContext http) =>
        http.RequestServices.GetRequiredKeyedService<ServiceDb>(http.GetEndpoint()!.Metadata.GetRequiredMetadata<EndpointService>().Name);

    private static async Task<MessagingStatus> Status(HttpContext http, Transport transport, KnownForces forces, IEnumerable<DatabaseInfo> databases, CancellationToken ct)
    {
        var db = Db(http);
        var standing = await Standing.Of(db, ct);
        var read = await db.HistoryRead.OrderBy(h => h.Owner).Select(h => new HistoryStatus(h.Owner, h.Facts, h.ReadAt)).ToListAsync(ct);
        return new MessagingStatus(db.Service, databases.First(d => d.Service == db.Service).Provider, transport.Name, transport.Ready, forces.PackHash,
            standing.Waiting, standing.OldestWaitingSeconds, standing.Scheduled, standing.Retrying, standing.Parked, read);
    }

    private static async Task<IReadOnlyList<StuckMessage>> Messages(HttpContext http, CancellationToken ct)
    {
        var db = Db(http);
        var inbox = await db.Inbox.Where(r => r.HandledOn == null).OrderByDescending(r => r.ParkedAt).ThenBy(r => r.DueAt).Take(100)
            .Select(r => new StuckMessage(r.MessageId, r.Consumer, r.Name!, r.Attempts, r.Error, r.ParkedAt, r.DueAt, r.PublishedAt)).ToListAsync(ct);
        var outbox = await db.Outbox.Where(r => r.ParkedAt != null || (r.SentAt == null && r.Error != null)).OrderByDescending(r => r.ParkedAt).ThenBy(r => r.DueAt).Take(100)
            .Select(r => new StuckMessage(r.Id, "", r.Name, r.Attempts, r.Error, r.ParkedAt, r.DueAt, r.CreatedAt)).ToListAsync(ct);
        return [.. inbox, .. outbox];
    }

    internal static async Task<IResult> Release(HttpContext http, Guid id, Wakeups wakeups, CancellationToken ct)
    {
        var db = Db(http);
        var answer = await db.Atomically<IResult>(async () =>
        {
            if (await TryNow(db, db.Inbox.Where(r => r.MessageId == id), db.Outbox.Where(r => r.Id == id), ct) == 0)
            {
                return NotStuck;
            }

            db.Audit("released", "message", $"{id}");
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);
        wakeups.For(db.Service).Set();
        return answer;
    }

    private static async Task<MessagesReleased> ReleaseAll(HttpContext http, ReleaseMessages request, Wakeups wakeups, CancellationToken ct)
    {
        var db = Db(http);
        var released = await db.Atomically(async () =>
        {
            var count = await TryNow(db, db.Inbox.Where(r => r.ParkedAt != null && r.Name != Delivery.Unreadable && (request.Consumer == null || r.Consumer == request.Consumer)),
                db.Outbox.Where(r => r.ParkedAt != null && request.Consumer == null), ct);
            if (count > 0)
            {
                db.Audit("released", "messages", request.Consumer ?? "all", $"{count}");
                await db.SaveChangesAsync(ct);
            }

            return new MessagesReleased(count);
        }, ct);
        wakeups.For(db.Service).Set();
        return released;
    }

    private static async Task<int> TryNow(ServiceDb db, IQueryable<InboxRow> inbox, IQueryable<OutboxRow> outbox, CancellationToken ct)
    {
        var now = db.Now;
        return await inbox.Where(r => r.HandledOn == null)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.ParkedAt, (DateTimeOffset?)null).SetProperty(r => r.DueAt, now).SetProperty(r => r.Attempts, 0), ct)
            + await outbox.Where(r => r.SentAt == null)
            .ExecuteUpdateAsync(s => s.SetProperty(r => r.ParkedAt, (DateTimeOffset?)null).SetProperty(r => r.DueAt, now).SetProperty(r => r.Attempts, 0), ct);
    }

    internal static async Task<IResult> Discard(HttpContext http, Guid id, DiscardMessage request, CancellationToken ct)
    {
        if (request.Note.Trim().Length is < 3 or > 300)
        {
            return NoNote;
        }

        var db = Db(http);
        var today = DateOnly.FromDateTime(db.Now.UtcDateTime);
        return await db.Atomically<IResult>(async () =>
        {
            var discarded = await db.Inbox.Where(r => r.MessageId == id && r.HandledOn == null && r.ParkedAt != null)
                .ExecuteUpdateAsync(s => s.SetProperty(r => r.HandledOn, today).SetProperty(r => r.Body, (string?)null), ct)
                + await db.Outbox.Where(r => r.Id == id && r.ParkedAt != null).ExecuteDeleteAsync(ct);
            if (discarded == 0)
            {
                return NotStuck with { Detail = "Only a parked message can be discarded." };
            }

            db.Audit("discarded", "message", $"{id}", request.Note.Trim());
            await db.SaveChangesAsync(ct);
            return TypedResults.NoContent();
        }, ct);
    }

    internal static async Task<IResult> BuildAnew(HttpContext http, Wakeups wakeups, CancellationToken ct)
    {
        var db = Db(http);
        var consumers = http.RequestServices.GetRequiredKeyedService<Consumers>(db.Service);
        if (consumers.Histories.Count == 0)
        {
            return NothingToRebuild;
        }

        await db.Atomically(async () =>
        {
            await Rebuild.Begin(db, consumers.OfHistories, ct);
            return true;
        }, ct);
        wakeups.For($"{db.Service}/history").Set();
        return TypedResults.Accepted((string?)null);
    }
}
