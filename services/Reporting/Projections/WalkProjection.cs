using WalkTalk.Contracts.Booking;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Reporting.Projections;

/// <summary>Booking's facts about walks.</summary>
internal sealed class WalkProjection(ReportingDb db, ForcePackCatalogue packs)
    : IConsumeTogether<WalkPublished>, IConsumeTogether<WalkCancelled>, IConsumeTogether<WalkStarted>, IConsumeTogether<WalkEnded>
{
    public async Task Consume(WalkPublished message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<WalkRow>(message.WalkId, ct)).Apply(message, packs.Get(delivery.ForceId));

    public Task Prepare(IEnumerable<WalkPublished> messages, CancellationToken ct) => db.Rows<WalkRow>(messages.Select(m => m.WalkId), ct);

    public async Task Consume(WalkCancelled message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<WalkRow>(message.WalkId, ct)).Apply(message);

    public Task Prepare(IEnumerable<WalkCancelled> messages, CancellationToken ct) => db.Rows<WalkRow>(messages.Select(m => m.WalkId), ct);

    public async Task Consume(WalkStarted message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<WalkRow>(message.WalkId, ct)).Apply(message);

    public Task Prepare(IEnumerable<WalkStarted> messages, CancellationToken ct) => db.Rows<WalkRow>(messages.Select(m => m.WalkId), ct);

    public async Task Consume(WalkEnded message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<WalkRow>(message.WalkId, ct)).Apply(message);

    public Task Prepare(IEnumerable<WalkEnded> messages, CancellationToken ct) => db.Rows<WalkRow>(messages.Select(m => m.WalkId), ct);
}
