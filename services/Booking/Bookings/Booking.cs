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
/// Places on a walk for one woman and whom she brings. Contact, first name and meeting words are stored under her own key
/// (<see cref="PersonId"/>): destroying the key erases them, here and in every backup.
/// </summary>
internal sealed class Booking : IForceRow, IVersioned
{
    public const int CodeTriesAllowed = 5;
    public const int CodesAllowed = 3;

    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required Guid WalkId { get; set; }
    public required int People { get; init; }
    public BookingState State { get; set; } = BookingState.Held;

    /// <summary>When the hold, the time to join the waiting list, or the offer ends.</summary>
    public required DateTimeOffset HoldUntil { get; set; }

    /// <summary>Since when she waits for a place: who came first is asked first.</summary>
    public DateTimeOffset? WaitingSince { get; set; }

    /// <summary>The booking whose link may take this place: she moves to it.</summary>
    public Guid? FromBookingId { get; init; }

    /// <summary>Added to the walk's revision, so that what she is told after a move is newer than what she was told before it.</summary>
    public int RevisionOffset { get; set; }

    public Guid PersonId { get; init; } = Guid.NewGuid();
    public string? NameProtected { get; set; }
    public string? ContactProtected { get; set; }
    public string? ContactHash { get; set; }
    public string Language { get; set; } = "en";
    public bool Neutral { get; set; }

    public byte[]? CodeHash { get; set; }
    public int CodeTries { get; set; }
    public int CodesSent { get; set; }
    public DateTimeOffset? CodeSentAt { get; set; }

    public string? WordsProtected { get; set; }
    public Verification Meeting { get; set; } = Verification.Issued;
    public int Misses { get; set; }
    public DateTimeOffset? MetAt { get; set; }
    public string? OverrideReason { get; set; }
    public string? CancelReason { get; set; }

    /// <summary>How many attendance tokens were taken; never when, and never which.</summary>
    public int TokensTaken { get; set; }

    /// <summary>Exact to the moment: a hold is over at HoldUntil, whether or not the clean-up has run.</summary>
    public bool IsHeld(DateTimeOffset now) => State == BookingState.Held && now < HoldUntil;

    /// <summary>Contact and code may still be given.</summary>
    public bool IsOpen(DateTimeOffset now) => IsHeld(now) || (State == BookingState.Joining && now < HoldUntil);

    /// <summary>A word of hers makes it her place: held while she moves, or offered from the waiting list.</summary>
    public bool IsHersToTake(DateTimeOffset now) => IsHeld(now) || (State == BookingState.Offered && now < HoldUntil);

    /// <summary>She has, or had, the place: only then meeting point and officer are hers to know.</summary>
    public bool KnowsWalk => WordsProtected is not null;

    /// <summary>Which version of her walk she knows: it grows when the walk changes and when she moves. Messages carry it, and it is the calendar's SEQUENCE.</summary>
    public int Told(Walk walk) => walk.Revision + RevisionOffset;

    /// <summary>Whether she may still give the place back or move.</summary>
    public bool CanChange(Walk walk, DateTimeOffset now) => State == BookingState.Confirmed && walk.State == WalkState.Published && now < walk.StartsAt;

    public int CodesLeft => CodesAllowed - CodesSent;
    public int WordTriesLeft => MeetingWords.Tries - Misses;

    /// <summary>A new code for this contact. Only its hash stays, mixed with the booking so that equal codes look different.</summary>
    public Refusal? SendCode(string code, DateTimeOffset now)
    {
        if (!IsOpen(now)) return Refusals.HoldExpired;
        if (CodesLeft <= 0) return Refusals.TooManyCodes with { Detail = "Three codes were sent for this place. Look in your mail, also under spam, or hold a place again." };
        CodeHash = HashOf(code);
        CodeTries = 0;
        CodesSent++;
        CodeSentAt = now;
        return null;
    }

    /// <summary>The code came back right: contact verified, places confirmed or waited for.</summary>
    public Refusal? Confirm(string code, DateTimeOffset now)
    {
        if (!IsOpen(now)) return Refusals.HoldExpired;
        if (CodeHash is null) return Refusals.NoCodeSent;
        if (CodeTries >= CodeTriesAllowed) return Refusals.CodeUsedUp;
        var typed = string.Concat(code.Where(char.IsAsciiDigit));
        if (!Secrets.Matches(CodeHash, Mixed(typed)))
        {
            CodeTries++;
            return Refusals.CodeWrong with { Detail = $"{CodeTriesAllowed - CodeTries} tries left." };
        }
        (State, WaitingSince) = State == BookingState.Joining ? (BookingState.Waiting, now) : (BookingState.Confirmed, WaitingSince);
        CodeHash = null;
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
        (Meeting, Misses) = (Verification.Issued, 0);
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

    public void MeetByOverride(string reason, DateTimeOffset now)
    {
        if (Meeting == Verification.Issued) Meeting = Verification.Overridden;
        State = BookingState.Met;
        MetAt = now;
        OverrideReason = reason;
    }

    /// <summary>Nothing about her remains; her key is destroyed by the caller in the same transaction.</summary>
    public void Forget()
    {
        NameProtected = ContactProtected = ContactHash = WordsProtected = null;
        CodeHash = null;
    }

    private byte[] HashOf(string code) => Secrets.HashOf(Mixed(code));
    private string Mixed(string code) => $"{Id:N}:{code}";
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
