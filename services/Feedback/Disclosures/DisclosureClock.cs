using System.Globalization;
using System.Runtime.Serialization;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Feedback;

/// <summary>Eighteen of a disclosure's twenty-four hours are gone. A reminder of this service to itself.</summary>
[DataContract(Name = "disclosure-clock")]
internal sealed record DisclosureClock(Guid DisclosureId)
{
    public static string Key(Guid disclosure) => $"disclosure-clock:{disclosure}";
}

/// <summary>Alerts safeguarding, or standards where they hold it, while six hours are left; looks again first, so that nobody is alerted of what is done.</summary>
internal sealed class AlertSafeguarding(FeedbackDb db, Tell tell, ILogger<AlertSafeguarding> log) : IConsume<DisclosureClock>
{
    public async Task Consume(DisclosureClock message, Delivery delivery, CancellationToken ct)
    {
        if (await db.Disclosures.FindAsync([message.DisclosureId], ct) is not { } disclosure || disclosure.Clock(db.Now) == "ended")
            return;
        log.DisclosureOverdueSoon(disclosure.Id);
        Alert(tell, disclosure);
    }

    internal static void Alert(Tell tell, SealedDisclosure disclosure) => tell.Duty(disclosure.Holder, "disclosure-overdue", disclosure.Id, disclosure.Version, new()
    {
        ["reference"] = disclosure.Reference, ["due_at"] = disclosure.DueAt.ToString("O", CultureInfo.InvariantCulture), ["link"] = $"/{disclosure.ForceId}/staff/disclosures",
    });
}

internal static partial class DisclosureLog
{
    [LoggerMessage(EventId = 4001, EventName = "DisclosureOverdueSoon", Level = LogLevel.Warning, Message = "Disclosure {DisclosureId} has six of its 24 hours left")]
    public static partial void DisclosureOverdueSoon(this ILogger log, Guid disclosureId);
}
