using WalkTalk.Contracts.Feedback;
using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Reporting.Projections;

/// <summary>Feedback's facts about what may be a crime and its 24 hours.</summary>
internal sealed class DisclosureProjection(ReportingDb db) : IConsumeTogether<DisclosureFlagged>, IConsumeTogether<DisclosureHandedOver>
{
    public async Task Consume(DisclosureFlagged message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<DisclosureRow>(message.DisclosureId, ct)).Apply(message, delivery.PublishedAt);

    public Task Prepare(IEnumerable<DisclosureFlagged> messages, CancellationToken ct) => db.Rows<DisclosureRow>(messages.Select(m => m.DisclosureId), ct);

    public async Task Consume(DisclosureHandedOver message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<DisclosureRow>(message.DisclosureId, ct)).Apply(message);

    public Task Prepare(IEnumerable<DisclosureHandedOver> messages, CancellationToken ct) => db.Rows<DisclosureRow>(messages.Select(m => m.DisclosureId), ct);
}
