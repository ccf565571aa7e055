using System.Runtime.Serialization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>A reminder to this service: a walk request waits for its answer.</summary>
[DataContract(Name = "booking-request-due")]
internal sealed record RequestDue(Guid RequestId, int Reminder);

/// <summary>Calls the coordinators while there is still time, when the time is over, and every day after: a request that waits always has its next reminder planned.</summary>
internal sealed class RequestTurn(BookingDb db, BookingMail mail) : IConsume<RequestDue>
{
    private static string Key(WalkRequest asked) => $"request:{asked.Id:N}:{asked.Reminder}";

    public static Task Plan(BookingDb db, WalkRequest asked, CancellationToken ct) =>
        db.Schedule(Key(asked), asked.NextReminder(db.Now), new RequestDue(asked.Id, asked.Reminder), ct);

    /// <summary>Answered: nobody is reminded any more, and after a week nothing of her is left here.</summary>
    public static async Task Close(BookingDb db, WalkRequest asked, ForcePack pack, string outcome, CancellationToken ct)
    {
        await db.Withdraw(Key(asked), ct);
        await db.Schedule(ForgetRequest.Key(asked.Id), db.Now.AddDays(pack.Retention.UnconfirmedDays), new RequestForgotten(asked.Id), ct);
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

/// <summary>A reminder to this service: what a request says of her has served its purpose.</summary>
[DataContract(Name = "booking-request-forgotten")]
internal sealed record RequestForgotten(Guid RequestId);

/// <summary>Destroys her key and her links. What stays says that a walk was asked for, where and in which light, not by whom.</summary>
internal sealed class ForgetRequest(BookingDb db, PersonalData personal) : IConsume<RequestForgotten>
{
    public static string Key(Guid requestId) => $"forget-request:{requestId:N}";

    public async Task Consume(RequestForgotten message, Delivery delivery, CancellationToken ct)
    {
        if (await db.WalkRequests.SingleOrDefaultAsync(r => r.Id == message.RequestId, ct) is not { } asked || asked.State == RequestState.Received) return;
        await personal.Erase(db, asked.PersonId, ct);
        asked.Forget();
        db.RequestLinks.RemoveRange(await db.RequestLinks.Where(l => l.RequestId == asked.Id).ToListAsync(ct));
        // Never verified: nobody has asked for anything.
        if (asked.State == RequestState.ContactPending) db.WalkRequests.Remove(asked);
    }
}
