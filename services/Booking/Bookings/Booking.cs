using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

internal enum BookingState
{
    Held, Confirmed, Met, Completed, Expired, CancelledByParticipant, CancelledByForce, NoShowParticipant, NoShowOfficer,

    // The waiting list: contact not verified yet, waiting, a free place offered; at the end confirmed like any other, or one of these two.
    Joining, Waiting, Offered, Declined, Lapsed,
}

internal enum Verification { Issued, Matched, Overridden, Mismatched }

/// <summary>What a correct or wrong answer at the meeting led to.</summary>
internal enum Heard { Matched, TryAgain, Mismatched }

/// <summary>
/// Places on a walk for one woman and whom she brings. Her meeting words are stored under her own key, like her contact.
/// </summary>
internal sealed class Booking : Participant
{
    public required Guid WalkId { get; set; }
    public required int People { get; init; }
    public BookingState State { get; set; } = BookingState.Held;

    /// <summary>Since when she waits for a place: who came first is asked first.</summary>
    public DateTimeOffset? WaitingSince { get; set; }

    /// <summary>The booking whose link may take this place: she moves to it, or books it after that one; a booking of its own keeps it as the one it follows.</summary>
    public Guid? FromBookingId { get; init; }

    /// <summary>Added to the walk's revision, so that what she is told after a move is newer than what she was told before it.</summary>
    public int RevisionOffset { get; set; }

    /// <summary>The walk request this place answers.</summary>
    public Guid? RequestId { get; set; }

    public string? WordsProtected { get; set; }
    public Verification Meeting { get; set; } = Verification.Issued;
    public int Misses { get; set; }
    public DateTimeOffset? MetAt { get; set; }
    public string? OverrideReason { get; set; }

    /// <summary>Somebody else walks than she was told first, and she has not said whether that is all right.</summary>
    public bool OfficerChanged { get; set; }

    /// <summary>How often she asked about a number that was not her officer's.</summary>
    public int CheckMisses { get; set; }
    public string? CancelReason { get; set; }

    /// <summary>How many attendance tokens were taken; never when, and never which.</summary>
    public int TokensTaken { get; set; }

    /// <summary>Exact to the moment: a hold is over at HoldUntil, whether or not the clean-up has run.</summary>
    public bool IsHeld(DateTimeOffset now) => State == BookingState.Held && now < HoldUntil;

    /// <summary>Contact and code may still be given.</summary>
    public override bool IsOpen(DateTimeOffset now) => IsHeld(now) || (State == BookingState.Joining && now < HoldUntil);

    /// <summary>A word of hers makes it her place: held while she moves, or offered from the waiting list.</summary>
    public bool IsHersToTake(DateTimeOffset now) => IsHeld(now) || (State == BookingState.Offered && now < HoldUntil);

    /// <summary>She has, or had, the place: only then meeting point and officer are hers to know.</summary>
    public bool KnowsWalk => WordsProtected is not null;

    /// <summary>Which version of her walk she knows: it grows when the walk changes and when she moves. Messages carry it, and it is the calendar's SEQUENCE.</summary>
    public int Told(Walk walk) => walk.Revision + RevisionOffset;

    /// <summary>Whether she may still give the place back or move.</summary>
    public bool CanChange(Walk walk, DateTimeOffset now) => State == BookingState.Confirmed && walk.State == WalkState.Published && now < walk.StartsAt;

    public int WordTriesLeft => MeetingWords.Tries - Misses;

    /// <summary>The code came back right: contact verified, places confirmed or waited for.</summary>
    public Refusal? Confirm(string? code, string? guardianCode, DateTimeOffset now)
    {
        if (Prove(code, guardianCode, now) is { } refused) return refused;
        (State, WaitingSince) = State == BookingState.Joining ? (BookingState.Waiting, now) : (BookingState.Confirmed, WaitingSince);
        return null;
    }

    /// <summary>Why she gave her place back: somebody else was to meet her.</summary>
    public const string DeclinedOfficer = "officer-changed";

    /// <summary>
    /// By her link alone, without a new code, she may book another walk: this one is over, or ended by what the force did. Her contact is still known,
    /// and no guardian has to be asked.
    /// </summary>
    public bool CanRebook => ContactProtected is not null && GuardianContactProtected is null && IsOver;

    /// <summary>Whether this booking ended in a way that gives her the first choice of another walk.</summary>
    public bool IsOver => State is BookingState.CancelledByForce or BookingState.NoShowOfficer or BookingState.Completed
        || (State == BookingState.CancelledByParticipant && CancelReason == DeclinedOfficer);

    /// <summary>The place held for her becomes a booking of its own, linked to this one.</summary>
    public Refusal? Follow(Walk walk, Booking first, DateTimeOffset now)
    {
        if (!first.CanRebook) return Refusals.NotRebookable;
        if (walk.State != WalkState.Published || now >= walk.StartsAt) return Refusals.WalkNotOpen;
        if (!IsHersToTake(now)) return State == BookingState.Offered ? Refusals.OfferOver : Refusals.HoldExpired;
        State = BookingState.Confirmed;
        return null;
    }

    /// <summary>She takes the place the waiting list has for her.</summary>
    public Refusal? Accept(Walk walk, DateTimeOffset now)
    {
        if (State != BookingState.Offered || walk.State != WalkState.Published || now >= walk.StartsAt) return Refusals.NothingHeld;
        if (!IsHersToTake(now)) return Refusals.OfferOver;
        State = BookingState.Confirmed;
        return null;
    }

    /// <summary>Why it cannot be cancelled by her any more, or null when it now is.</summary>
    public Refusal? Cancel(Walk walk, string reason, DateTimeOffset now)
    {
        if (!CanChange(walk, now)) return Refusals.NotCancellable;
        State = BookingState.CancelledByParticipant;
        CancelReason = reason;
        return null;
    }

    /// <summary>She moves to the place held for her: another walk, the same booking. What was proved or missed at the old meeting counts no more.</summary>
    public Refusal? Move(Walk from, Walk to, Booking place, DateTimeOffset now)
    {
        if (!CanChange(from, now)) return Refusals.NotMovable;
        if (!place.IsHersToTake(now)) return place.State == BookingState.Offered ? Refusals.OfferOver : Refusals.HoldExpired;
        RevisionOffset = Told(from) + 1 - to.Revision;
        WalkId = to.Id;
        (Meeting, Misses, OfficerChanged, CheckMisses) = (Verification.Issued, 0, false, 0);
        return null;
    }

    /// <summary>What the officer typed, right or wrong. The third miss is a mismatch.</summary>
    public (Refusal? Refused, Heard Outcome) Hear(bool right, Walk walk, DateTimeOffset now)
    {
        if (Meeting == Verification.Mismatched) return (Refusals.AlreadyMismatched, default);
        if (State != BookingState.Confirmed || walk.State != WalkState.Published) return (Refusals.NothingToVerify, default);
        if (!walk.WordsWork(now)) return (Refusals.WordsNotNow, default);
        if (right)
        {
            Meeting = Verification.Matched;
            State = BookingState.Met;
            MetAt = now;
            return (null, Heard.Matched);
        }
        Misses++;
        if (WordTriesLeft > 0) return (null, Heard.TryAgain);
        Meeting = Verification.Mismatched;
        return (null, Heard.Mismatched);
    }

    /// <summary>She waits so long before she says that nobody came.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Whether she may say that the officer did not come: some minutes after the start, while the walk has not begun.</summary>
    public bool CanSayNobodyCame(Walk walk, DateTimeOffset now) =>
        State == BookingState.Confirmed && walk.State == WalkState.Published && now >= walk.StartsAt + Patience;

    public Refusal? OfficerAbsent(Walk walk, DateTimeOffset now)
    {
        if (!CanSayNobodyCame(walk, now)) return Refusals.NotAbsentYet;
        State = BookingState.NoShowOfficer;
        return null;
    }

    public void MeetByOverride(string reason, DateTimeOffset now)
    {
        if (Meeting == Verification.Issued) Meeting = Verification.Overridden;
        State = BookingState.Met;
        MetAt = now;
        OverrideReason = reason;
    }

    /// <inheritdoc/>
    public override void Forget()
    {
        base.Forget();
        WordsProtected = null;
    }

    /// <summary>How the meeting ended stays; when, after how many misses and why not by words does not.</summary>
    public void ForgetMeeting()
    {
        (Misses, CheckMisses) = (0, 0);
        MetAt = null;
        OverrideReason = null;
    }
}

internal enum LinkPurpose { Hold, MyWalk }

/// <summary>A secret that opens one booking for one purpose. Every mail brings a fresh one; only the hash is kept.</summary>
internal sealed class BookingLink : IForceRow
{
    public required byte[] Hash { get; init; }
    public string ForceId { get; set; } = "";
    public required Guid BookingId { get; init; }
    public required LinkPurpose Purpose { get; init; }
}
