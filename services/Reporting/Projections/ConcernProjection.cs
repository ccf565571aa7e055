using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Notification;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.Reporting.Figures;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Reporting.Projections;

/// <summary>Feedback's facts about concerns, and Notification's that a message with an outcome has arrived.</summary>
internal sealed class ConcernProjection(ReportingDb db, ForcePackCatalogue packs)
    : IConsumeTogether<ConcernReceived>, IConsumeTogether<ConcernTriaged>, IConsumeTogether<ActionAgreed>, IConsumeTogether<ConcernClaimedDone>,
      IConsumeTogether<ConcernConfirmedDone>, IConsumeTogether<ConcernDisputed>, IConsumeTogether<ConcernEndedNoAction>, IConsumeTogether<ConcernRemoved>,
      IConsumeTogether<ConcernOutcomeRead>, IConsumeTogether<NotificationDelivered>
{
    public async Task Consume(ConcernReceived message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message);

    public Task Prepare(IEnumerable<ConcernReceived> messages, CancellationToken ct) => db.Rows<ConcernRow>(messages.Select(m => m.ConcernId), ct);

    public async Task Consume(ConcernTriaged message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message, message.On ?? LocalDay(delivery));

    public Task Prepare(IEnumerable<ConcernTriaged> messages, CancellationToken ct) => db.Rows<ConcernRow>(messages.Select(m => m.ConcernId), ct);

    public async Task Consume(ActionAgreed message, Delivery delivery, CancellationToken ct)
    {
        var on = message.On ?? LocalDay(delivery);
        (await db.Row<ActionRow>(message.ActionId, ct)).Apply(message, on);
        foreach (var id in message.ConcernIds)
        {
            (await db.Row<ConcernRow>(id, ct)).Apply(message, on);
        }
    }

    public async Task Prepare(IEnumerable<ActionAgreed> messages, CancellationToken ct)
    {
        await db.Rows<ActionRow>(messages.Select(m => m.ActionId), ct);
        await db.Rows<ConcernRow>(messages.SelectMany(m => m.ConcernIds), ct);
    }

    public async Task Consume(ConcernClaimedDone message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message);

    public Task Prepare(IEnumerable<ConcernClaimedDone> messages, CancellationToken ct) => db.Rows<ConcernRow>(messages.Select(m => m.ConcernId), ct);

    public async Task Consume(ConcernConfirmedDone message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message);

    public Task Prepare(IEnumerable<ConcernConfirmedDone> messages, CancellationToken ct) => db.Rows<ConcernRow>(messages.Select(m => m.ConcernId), ct);

    public async Task Consume(ConcernDisputed message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message);

    public Task Prepare(IEnumerable<ConcernDisputed> messages, CancellationToken ct) => db.Rows<ConcernRow>(messages.Select(m => m.ConcernId), ct);

    public async Task Consume(ConcernEndedNoAction message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message, message.On ?? LocalDay(delivery));

    public Task Prepare(IEnumerable<ConcernEndedNoAction> messages, CancellationToken ct) => db.Rows<ConcernRow>(messages.Select(m => m.ConcernId), ct);

    public async Task Consume(ConcernRemoved message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message);

    public Task Prepare(IEnumerable<ConcernRemoved> messages, CancellationToken ct) => db.Rows<ConcernRow>(messages.Select(m => m.ConcernId), ct);

    public async Task Consume(ConcernOutcomeRead message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message);

    public Task Prepare(IEnumerable<ConcernOutcomeRead> messages, CancellationToken ct) => db.Rows<ConcernRow>(messages.Select(m => m.ConcernId), ct);

    public async Task Consume(NotificationDelivered message, Delivery delivery, CancellationToken ct)
    {
        if (TellsAnOutcome(message)) (await db.Row<ConcernRow>(message.SubjectId, ct)).Arrived(LocalDay(delivery));
    }

    public Task Prepare(IEnumerable<NotificationDelivered> messages, CancellationToken ct) => db.Rows<ConcernRow>(messages.Where(TellsAnOutcome).Select(m => m.SubjectId), ct);

    /// <summary>The subject of these is the concern. What a provider has only taken, and will say more of, has told nobody yet.</summary>
    private static bool TellsAnOutcome(NotificationDelivered message) =>
        message is { Confirmed: not false, Template: "action-delivered" or "outcome-no-action" or "is-it-fixed-4w" or "is-it-fixed-12w" };

    /// <summary>The day of a force's own act, for facts that do not say it themselves.</summary>
    private DateOnly LocalDay(Delivery delivery) =>
        Quarters.Day(delivery.PublishedAt, packs.Get(delivery.ForceId).TimeZone);
}
