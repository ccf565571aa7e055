using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>One walk for the coordinator: who comes, what they need, and what is still to be arranged. Each reading is audited; a contact is never here, but for a guardian's.</summary>
internal static class ReadWalk
{
    private static readonly BookingState[] Coming = [BookingState.Confirmed, BookingState.Met, BookingState.Completed, BookingState.NoShowParticipant, BookingState.NoShowOfficer];

    public static async Task<IResult> Handle(
        Guid walkId, HttpResponse response, BookingDb db, PersonalData personal, BookingMail mail, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (await db.Walks.Include(w => w.Officers).ThenInclude(o => o.Officer).AsNoTracking().SingleOrDefaultAsync(w => w.Id == walkId, ct) is not { } walk) return Refusals.WalkUnknown;
        var bookings = await db.Bookings.Where(b => b.WalkId == walkId && Coming.Contains(b.State)).OrderBy(b => b.Id).AsNoTracking().ToListAsync(ct);
        var needs = (await db.OpenNeeds.Where(n => n.WalkId == walkId).OrderBy(n => n.Id).AsNoTracking().ToListAsync(ct)).ToLookup(n => n.BookingId);
        var rows = new List<WalkBooking>();
        foreach (var booking in bookings)
        {
            var (guardian, email) = await Guardian.Of(db, personal, booking, "walk", ct);
            var open = new List<NeedRow>();
            foreach (var need in needs[booking.Id])
                open.Add(new(need.Id, (await need.What(db, personal, booking, "walk", ct))?.Wire(), need.State.Wire(), walk.Local(need.DueAt), need.Used(db.Now), Etag.Of(need)));
            rows.Add(new(booking.Id, await mail.NameOf(booking, "walk", ct), booking.People, booking.State.Wire(), await Needs.Of(db, personal, booking, "walk", ct), guardian, email, open));
        }
        Etag.Set(response, walk);
        response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new WalkDetail(ListWalks.Row(walk, packs.Get(db.Force!), await OpenNeed.Standing(db).Where(n => n.WalkId == walkId).AsNoTracking().ToListAsync(ct)),
            [.. walk.Officers.Select(o => o.Officer.Row())], rows));
    }
}
