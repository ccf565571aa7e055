using System.Runtime.Serialization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>A reminder to this service: a booking's contact has served its purpose (pack: unconfirmed 7 days, else 30 days after the walk).</summary>
[DataContract(Name = "booking-person-due")]
internal sealed record PersonDue(Guid BookingId);

/// <summary>Destroys her key and her links. What stays says that places were booked, not by whom.</summary>
internal sealed class ForgetPerson(BookingDb db, PersonalData personal) : IConsume<PersonDue>
{
    public static string Key(Guid bookingId) => $"forget:{bookingId:N}";

    public async Task Consume(PersonDue message, Delivery delivery, CancellationToken ct)
    {
        if (await db.Bookings.SingleOrDefaultAsync(b => b.Id == message.BookingId, ct) is not { } booking) return;
        await personal.Erase(db, booking.PersonId, ct);
        booking.Forget();
        db.OpenNeeds.RemoveRange(await db.OpenNeeds.Where(n => n.BookingId == booking.Id).ToListAsync(ct));
        db.BookingLinks.RemoveRange(await db.BookingLinks.Where(l => l.BookingId == booking.Id).ToListAsync(ct));
    }
}
