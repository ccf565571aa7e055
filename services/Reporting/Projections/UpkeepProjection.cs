using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Contracts.Notification;
using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Reporting.Projections;

/// <summary>How the platform keeps its word to people: Notification's facts of what became of messages, and what rounds of retention have left.</summary>
internal sealed class UpkeepProjection(ReportingDb db) : IConsumeTogether<MessageEnded>, IConsume<BookingRetentionRun>, IConsume<FeedbackRetentionRun>
{
    public async Task Consume(MessageEnded message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<MessageRow>(message.MessageId, ct)).Apply(message);

    public Task Prepare(IEnumerable<MessageEnded> messages, CancellationToken ct) => db.Rows<MessageRow>(messages.Select(m => m.MessageId), ct);

    public async Task Consume(BookingRetentionRun message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<RetentionRow>(RetentionRow.IdOf(delivery.ForceId, "booking"), ct)).Apply("booking", message.On, message.Overdue);

    public async Task Consume(FeedbackRetentionRun message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<RetentionRow>(RetentionRow.IdOf(delivery.ForceId, "feedback"), ct)).Apply("feedback", message.On, message.Overdue);
}
