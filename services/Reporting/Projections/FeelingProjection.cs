using WalkTalk.Contracts.Feedback;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Reporting.Projections;

/// <summary>Of Feedback's facts about audits those that have one before them at the same point in the same light.</summary>
internal sealed class FeelingProjection(ReportingDb db, ForcePackCatalogue packs) : IConsumeTogether<AuditSubmitted>
{
    public async Task Consume(AuditSubmitted message, Delivery delivery, CancellationToken ct)
    {
        if (IsPaired(message)) (await db.Row<FeelingRow>(message.AuditId, ct)).Apply(message, packs.Get(delivery.ForceId));
    }

    public Task Prepare(IEnumerable<AuditSubmitted> messages, CancellationToken ct) => db.Rows<FeelingRow>(messages.Where(IsPaired).Select(m => m.AuditId), ct);

    private static bool IsPaired(AuditSubmitted message) => message is { Feel: not null, FeelBefore: not null };
}
