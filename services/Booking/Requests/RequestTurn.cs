using System.Runtime.Serialization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Booking;

/// <summary>A reminder to this service: a walk request waits for its answer.</summary>
[DataContract(Name = "booking-request-due")]
internal sealed record RequestDue(Guid RequestId, int Reminder);

/// <summary>Calls the coordinators while there is still time, when the time is over, and every day after: a request that waits always has its next reminder planned.</summary>
internal sealed class RequestTurn(BookingDb db, BookingMail mail) : IConsumeAlone<RequestDue>
{
    private static string Key(WalkRequest asked) => $"request:{asked.Id:N}:{asked.Reminder}";

    public static Task Plan(BookingDb db, WalkRequest asked, CancellationToken ct) =>
        db.Schedule(Key(asked), asked.NextReminder(db.Now), new RequestDue(asked.Id, asked.Reminder), ct);

    /// <summary>Answered: nobody is reminded any more, and the days begin after which nothing of her is left here.</summary>
    public static async Task Close(BookingDb db, WalkRequest asked, string outcome, CancellationToken ct)
    {
        await db.Withdraw(Key(asked), ct);
        asked.AnsweredAt = db.Now;
        db.Publish(new WalkRequestAnswered(asked.Id, outcome));
    }

    public async Task Consume(RequestDue message, Delivery delivery, CancellationToken ct)
    {
        // One that is matched is looked after too: the offer may come to nothing.
        if (await db.WalkRequests.SingleOrDefaultAsync(r => r.Id == message.RequestId, ct) is not { State: RequestState.Received or RequestState.Matched } asked) return;
        if (asked.Reminder != message.Reminder) return;
        if (asked.State == RequestState.Received) mail.RequestWaits(asked);
        asked.Reminder++;
        await Plan(db, asked, ct);
    }
}
