using WalkTalk.Contracts.Booking;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Reporting.Projections;

/// <summary>Booking's facts about walks that were asked for.</summary>
internal sealed class RequestProjection(ReportingDb db, ForcePackCatalogue packs) : IConsumeTogether<WalkRequested>, IConsumeTogether<WalkRequestOffered>, IConsumeTogether<WalkRequestAnswered>, IConsumeTogether<WalkRequestWalked>
{
    public async Task Consume(WalkRequested message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<RequestRow>(message.RequestId, ct)).Apply(message, delivery.PublishedAt, packs.Get(delivery.ForceId));

    public Task Prepare(IEnumerable<WalkRequested> messages, CancellationToken ct) => db.Rows<RequestRow>(messages.Select(m => m.RequestId), ct);

    public async Task Consume(WalkRequestOffered message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<RequestRow>(message.RequestId, ct)).Apply(message);

    public Task Prepare(IEnumerable<WalkRequestOffered> messages, CancellationToken ct) => db.Rows<RequestRow>(messages.Select(m => m.RequestId), ct);

    public async Task Consume(WalkRequestWalked message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<RequestRow>(message.RequestId, ct)).Apply(message);

    public Task Prepare(IEnumerable<WalkRequestWalked> messages, CancellationToken ct) => db.Rows<RequestRow>(messages.Select(m => m.RequestId), ct);

    public async Task Consume(WalkRequestAnswered message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<RequestRow>(message.RequestId, ct)).Apply(message);

    public Task Prepare(IEnumerable<WalkRequestAnswered> messages, CancellationToken ct) => db.Rows<RequestRow>(messages.Select(m => m.RequestId), ct);
}
