using WalkTalk.Contracts.Feedback;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.Reporting.Figures;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Reporting.Projections;

/// <summary>Feedback's facts about concerns.</summary>
internal sealed class ConcernProjection(ReportingDb db, ForcePackCatalogue packs)
    : IConsume<ConcernReceived>, IConsume<ConcernTriaged>, IConsume<ActionAgreed>, IConsume<ConcernClaimedDone>,
      IConsume<ConcernConfirmedDone>, IConsume<ConcernDisputed>, IConsume<ConcernEndedNoAction>, IConsume<ConcernRemoved>
{
    public async Task Consume(ConcernReceived message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message);

    public async Task Consume(ConcernTriaged message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message);

    public async Task Consume(ActionAgreed message, Delivery delivery, CancellationToken ct)
    {
        foreach (var id in message.ConcernIds)
        {
            (await db.Row<ConcernRow>(id, ct)).Apply(message, message.On ?? LocalDay(delivery));
        }
    }

    public async Task Consume(ConcernClaimedDone message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message);

    public async Task Consume(ConcernConfirmedDone message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message);

    public async Task Consume(ConcernDisputed message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message);

    public async Task Consume(ConcernEndedNoAction message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message, message.On ?? LocalDay(delivery));

    public async Task Consume(ConcernRemoved message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<ConcernRow>(message.ConcernId, ct)).Apply(message);

    /// <summary>The day of a force's own act, for facts that do not say it themselves.</summary>
    private DateOnly LocalDay(Delivery delivery) =>
        Quarters.Day(delivery.PublishedAt, packs.Get(delivery.ForceId).TimeZone);
}
