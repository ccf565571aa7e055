using WalkTalk.Contracts.Booking;
using WalkTalk.Reporting.Data;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Reporting.Projections;

/// <summary>Booking's facts about bookings.</summary>
internal sealed class BookingProjection(ReportingDb db)
    : IConsumeTogether<BookingConfirmed>, IConsumeTogether<BookingMoved>, IConsumeTogether<BookingCancelled>, IConsumeTogether<BookingMet>
{
    public async Task Consume(BookingConfirmed message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<BookingRow>(message.BookingId, ct)).Apply(message);

    public Task Prepare(IEnumerable<BookingConfirmed> messages, CancellationToken ct) => db.Rows<BookingRow>(messages.Select(m => m.BookingId), ct);

    public async Task Consume(BookingMoved message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<BookingRow>(message.BookingId, ct)).Apply(message);

    public Task Prepare(IEnumerable<BookingMoved> messages, CancellationToken ct) => db.Rows<BookingRow>(messages.Select(m => m.BookingId), ct);

    public async Task Consume(BookingCancelled message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<BookingRow>(message.BookingId, ct)).Apply(message);

    public Task Prepare(IEnumerable<BookingCancelled> messages, CancellationToken ct) => db.Rows<BookingRow>(messages.Select(m => m.BookingId), ct);

    public async Task Consume(BookingMet message, Delivery delivery, CancellationToken ct) =>
        (await db.Row<BookingRow>(message.BookingId, ct)).Apply(message);

    public Task Prepare(IEnumerable<BookingMet> messages, CancellationToken ct) => db.Rows<BookingRow>(messages.Select(m => m.BookingId), ct);
}
