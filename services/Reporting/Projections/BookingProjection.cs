using WalkTalk.Contracts.Booking;
using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Reporting.Projections;

/// <summary>Booking's facts about bookings.</summary>
internal sealed class BookingProjection(ReportingDb db)
    : IConsume<BookingConfirmed>, IConsume<BookingCancelled>, IConsume<BookingMet>
{
    public async Task Consume(BookingConfirmed message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<BookingRow>(message.BookingId, ct)).Apply(message);

    public async Task Consume(BookingCancelled message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<BookingRow>(message.BookingId, ct)).Apply(message);

    public async Task Consume(BookingMet message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<BookingRow>(message.BookingId, ct)).Apply(message);
}
