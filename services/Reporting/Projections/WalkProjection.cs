using WalkTalk.Contracts.Booking;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Reporting.Projections;

/// <summary>Booking's facts about walks.</summary>
internal sealed class WalkProjection(ReportingDb db, ForcePackCatalogue packs)
    : IConsume<WalkPublished>, IConsume<WalkCancelled>, IConsume<WalkStarted>, IConsume<WalkEnded>
{
    public async Task Consume(WalkPublished message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<WalkRow>(message.WalkId, ct)).Apply(message, packs.Get(delivery.ForceId));

    public async Task Consume(WalkCancelled message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<WalkRow>(message.WalkId, ct)).Apply(message);

    public async Task Consume(WalkStarted message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<WalkRow>(message.WalkId, ct)).Apply(message);

    public async Task Consume(WalkEnded message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<WalkRow>(message.WalkId, ct)).Apply(message);
}
