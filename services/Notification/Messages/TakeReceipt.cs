using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Notification;
using WalkTalk.Contracts.Notification.Api;
using WalkTalk.ForcePacks;
using WalkTalk.Notification.Data;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Notification.Messages;

/// <summary>
/// POST delivery-receipts: GOV.UK Notify tells how a message ended, once or often, before or after we have noted that it took it. One address serves every
/// force, since a service there knows none: the reference says whose message it is.
/// </summary>
internal static class TakeReceipt
{
    private const int MostConflicts = 10;

    private static readonly Refusal NotTaken = new("not-found", 404, "There is nothing here", "No delivery receipts are taken: Notify:CallbackToken is not set.");
    private static readonly Refusal WrongToken = new("receipt-token", 401, "This is not the token of delivery receipts");

    public static RouteHandlerBuilder FromNotify(this RouteHandlerBuilder endpoint) => endpoint.Public().AddEndpointFilter(async (context, next) =>
    {
        var http = context.HttpContext;
        if (http.RequestServices.GetRequiredService<IOptions<NotifyOptions>>().Value is not { ApiKey.Length: > 0, CallbackToken: { Length: > 0 } token }) return NotTaken;
        return Secrets.Matches(Secrets.HashOf($"Bearer {token}"), http.Request.Headers.Authorization.ToString()) ? await next(context) : WrongToken;
    });

    public static async Task<IResult> Handle(DeliveryReceipt receipt, NotificationDb db, ForcePackCatalogue packs, TimeProvider time, ILogger<DeliveryReceipt> log, CancellationToken ct)
    {
        // What is not ours is acknowledged too: told again it would not become so.
        if (!Guid.TryParse(receipt.Reference, out var id) || await db.ForceOf(id, ct) is not { } force) return TypedResults.NoContent();
        (db.Force, db.Caller.Actor) = (force, "provider:notify");
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                if (await db.Messages.SingleOrDefaultAsync(m => m.Id == id && m.Provider == "notify", ct) is { } message && await Heard(message, receipt, db, packs, time.GetUtcNow(), ct))
                {
                    await db.SaveChangesAsync(ct);
                    log.Heard(message.Id, message.Template, message.State, message.Reason);
                }
                return TypedResults.NoContent();
            }
            catch (DbUpdateConcurrencyException) when (conflicts < MostConflicts)
            {
                // Told twice at once, or while we note that it was taken: what stands now decides.
                db.ChangeTracker.Clear();
            }
        }
    }

    private static async Task<bool> Heard(Message message, DeliveryReceipt receipt, NotificationDb db, ForcePackCatalogue packs, DateTimeOffset now, CancellationToken ct)
    {
        var (state, reason) = receipt.Status switch
        {
            "delivered" => (MessageState.Delivered, null),
            "permanent-failure" => (MessageState.PermanentFailure, receipt.Status),
            // Notify has tried for three days.
            "temporary-failure" => (MessageState.TechnicalFailure, $"gave-up:{receipt.Status}"),
            _ => (MessageState.TechnicalFailure, receipt.Status),
        };
        if (!message.Hear(state, reason, receipt.CompletedAt is { } at && at >= message.QueuedAt && at <= now ? at.ToUniversalTime() : now)) return false;

        var recipient = await db.Recipients.SingleAsync(r => r.Id == message.RecipientId, ct);
        if (state == MessageState.Delivered) recipient.BadSince = null;
        if (state == MessageState.PermanentFailure) recipient.BadSince ??= now;
        if (state != MessageState.Delivered) db.Publish(new NotificationFailed(message.RequestId, message.Template, message.SubjectId, state.ToString()));
        else db.Publish(new NotificationDelivered(message.RequestId, message.Template, message.SubjectId, Confirmed: true));
        db.TellEnd(message, packs, confirms: true);
        return true;
    }
}

internal static partial class ReceiptLog
{
    [LoggerMessage(EventId = 3006, EventName = "ReceiptTaken", Level = LogLevel.Information, Message = "Message {Id} ({Template}) is {State} {Reason}, its provider says")]
    public static partial void Heard(this ILogger log, Guid id, string template, MessageState state, string? reason);
}
