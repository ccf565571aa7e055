using System.Runtime.Serialization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

internal enum NeedState { Open, Arranged, Declined }

/// <summary>
/// Something people have to arrange for a booking on a walk, with its clock. What it is stands under her key, because it may tell of her health;
/// it is open only as long as she has her place on that walk.
/// </summary>
internal sealed class OpenNeed : IForceRow, IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required Guid WalkId { get; init; }
    public required Guid BookingId { get; init; }
    public required string KindProtected { get; init; }
    public NeedState State { get; private set; } = NeedState.Open;
    public required DateTimeOffset RaisedAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>Which reminder comes next: the warning, the due time, then one every day.</summary>
    public int Reminder { get; set; }

    private const string Kind = "need";
    private string Key => $"need:{Id:N}:{Reminder}";

    /// <summary>Those that somebody still has to arrange.</summary>
    public static IQueryable<OpenNeed> Standing(BookingDb db) =>
        db.OpenNeeds.Where(n => n.State == NeedState.Open && db.Bookings.Any(b => b.Id == n.BookingId && b.WalkId == n.WalkId && b.State == BookingState.Confirmed));

    /// <summary>She has her place: what the walk has not becomes somebody's work, with a clock that ends before the walk.</summary>
    /// <param name="before">What the walk had not before it changed: that is somebody's work, or arranged, already.</param>
    public static async Task Raise(
        BookingDb db, PersonalData personal, ForcePack pack, Booking booking, Walk walk, BookingOptions options, CancellationToken ct, IReadOnlyCollection<Need>? before = null)
    {
        if (await Needs.Of(db, personal, booking, "what has to be arranged", ct) is not { } needs) return;
        var due = WalkRequest.Due(pack, db.Now, options.RequestWorkingDays);
        var half = db.Now + (walk.StartsAt - db.Now) / 2;
        foreach (var kind in needs.ToArrange(walk).Except(before ?? []).ToList())
        {
            var need = new OpenNeed
            {
                WalkId = walk.Id, BookingId = booking.Id, RaisedAt = db.Now, DueAt = due < half ? due : half,
                KindProtected = await personal.Protect(db, booking.PersonId, Kind, kind.Wire(), ct),
            };
            db.OpenNeeds.Add(need);
            await need.Plan(db, ct);
        }
    }

    public async Task<Need?> What(BookingDb db, PersonalData personal, Booking booking, string reason, CancellationToken ct) =>
        await personal.Open(db, booking.PersonId, Kind, KindProtected, reason, ct) is { } kind ? Enum.Parse<Need>(kind, ignoreCase: true) : null;

    public Refusal? Answer(NeedState answer, Booking booking)
    {
        if (State != NeedState.Open || booking.State != BookingState.Confirmed || booking.WalkId != WalkId) return Refusals.NeedAnswered;
        State = answer;
        return null;
    }

    public int Used(DateTimeOffset now) => (int)Math.Clamp((now - RaisedAt) / (DueAt - RaisedAt) * 100, 0, 100);

    public Task Plan(BookingDb db, CancellationToken ct)
    {
        var planned = Reminder switch { 0 => RaisedAt + (DueAt - RaisedAt) * 0.8, 1 => DueAt, var n => DueAt.AddDays(n - 1) };
        return db.Schedule(Key, planned > db.Now ? planned : db.Now, new NeedDue(Id, Reminder), ct);
    }

    public Task Withdraw(BookingDb db, CancellationToken ct) => db.Withdraw(Key, ct);
}

/// <summary>A reminder to this service: something has to be arranged.</summary>
[DataContract(Name = "booking-need-due")]
internal sealed record NeedDue(Guid NeedId, int Reminder);

/// <summary>Calls the coordinators while there is still time, when the time is over, and every day after, as long as she has her place.</summary>
internal sealed class NeedTurn(BookingDb db, BookingMail mail) : IConsumeAlone<NeedDue>
{
    public async Task Consume(NeedDue message, Delivery delivery, CancellationToken ct)
    {
        if (await OpenNeed.Standing(db).SingleOrDefaultAsync(n => n.Id == message.NeedId, ct) is not { } need || need.Reminder != message.Reminder) return;
        var walk = await db.Walks.AsNoTracking().SingleAsync(w => w.Id == need.WalkId, ct);
        if (walk.State != WalkState.Published || db.Now >= walk.StartsAt) return;
        mail.NeedWaits(need, walk);
        need.Reminder++;
        await need.Plan(db, ct);
    }
}
