using WalkTalk.Contracts.Booking;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

internal enum WalkState { Published, Started, Ended, Cancelled }

/// <summary>A walk: one or two officers, a place, a time, so many places. Instants are UTC; the wall clock stands beside them.</summary>
internal sealed class Walk : IForceRow, IVersioned
{
    /// <summary>Random, because strangers see it: an id in order of time would say which walks were published together, and so for the same officer.</summary>
    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public WalkState State { get; set; } = WalkState.Published;

    /// <summary>What participants were told: it grows when time, place or officer changes or the walk is called off. Reminders carry it, and it is the calendar's SEQUENCE.</summary>
    public int Revision { get; set; }

    public required string WardCode { get; init; }
    // Copied from the pack: what she was told stands, also when the pack changes.
    public required string MeetingPoint { get; init; }
    public required bool Lit { get; init; }
    public required bool StepFree { get; init; }
    public required string Language { get; init; }

    public required DateTimeOffset StartsAt { get; init; }
    public required DateTimeOffset EndsAt { get; init; }
    public required DateOnly LocalDate { get; init; }
    public required TimeOnly LocalTime { get; init; }
    public required string Zone { get; init; }
    public required LightBand Band { get; init; }

    public required int Capacity { get; init; }

    /// <summary>Places held or confirmed. Only ever changed by a conditional update; a check constraint stands behind it.</summary>
    public int Taken { get; set; }

    /// <summary>What a planned walk is called by: ward, week, number. Unique, also after it was called off; null when it was published by hand.</summary>
    public string? PlanKey { get; init; }

    public string? CancelReason { get; set; }
    public DateTimeOffset? LastSeenAt { get; set; }

    /// <summary>When the officer is expected to end or check in.</summary>
    public DateTimeOffset? EndDue { get; set; }

    public List<WalkOfficer> Officers { get; init; } = [];

    /// <summary>She is late when neither has come by so long after <see cref="EndDue"/>.</summary>
    public static readonly TimeSpan OverdueAfter = TimeSpan.FromMinutes(10);

    /// <summary>From then on she is late: also who never started, counted from the end that was planned.</summary>
    public DateTimeOffset OverdueAt => (EndDue ?? EndsAt) + OverdueAfter;

    /// <summary>A start that arrives after its walk was due may be followed in a moment by the check-ins and the end of it.</summary>
    public static readonly TimeSpan RestOfThePhone = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan PhoneAhead = TimeSpan.FromMinutes(2);

    /// <summary>A check-in near the end says "still walking": so much longer.</summary>
    public static readonly TimeSpan CheckInExtends = TimeSpan.FromMinutes(15);

    /// <summary>The fact that is told of it.</summary>
    public WalkPublished Published() => new(Id, WardCode, StartsAt.ToUniversalTime(), EndsAt.ToUniversalTime(), Band.Wire(), Capacity);

    public DateTimeOffset WordsFrom => StartsAt - MeetingWords.Before;
    public DateTimeOffset WordsUntil => StartsAt + MeetingWords.After;
    public bool WordsWork(DateTimeOffset now) => now >= WordsFrom && now <= WordsUntil;

    /// <summary>Why nobody can book it now, or null.</summary>
    public Refusal? RefusesBooking(DateTimeOffset now, BookingOptions options) =>
        State != WalkState.Published ? Refusals.WalkNotOpen
        : StartsAt < now + options.MinimumNotice ? Refusals.TooLate with { Detail = $"Walks are booked at least {options.MinimumNotice.TotalMinutes:0} minutes ahead." }
        : null;

    /// <summary>
    /// Starts the walk. Everybody present has met by her words, or the officer overrides with a reason that is logged;
    /// an alarm that nobody has acknowledged stops both.
    /// </summary>
    public (Refusal? Refused, int Verified, int Overridden) Start(
        IReadOnlyCollection<Booking> bookings, IReadOnlyCollection<Guid> absent, string? overrideReason, bool alarmOpen, DateTimeOffset now)
    {
        if (State != WalkState.Published) return (Refusals.WalkNotOpen, 0, 0);
        if (now < WordsFrom || now >= EndsAt) return (Refusals.WalkNotNow, 0, 0);
        if (alarmOpen) return (Refusals.AlarmOpen, 0, 0);
        if (absent.Except(bookings.Select(b => b.Id)).Any()) return (Refusals.BookingUnknown, 0, 0);

        var present = bookings.Where(b => b.State == BookingState.Met || (b.State == BookingState.Confirmed && !absent.Contains(b.Id))).ToList();
        if (present.Count == 0) return (Refusals.NobodyPresent, 0, 0);
        var unproved = present.Where(b => b.State != BookingState.Met).ToList();
        if (unproved.Count > 0 && overrideReason is null)
            return (Refusals.NotVerified with { Detail = $"{unproved.Count} of {present.Count} bookings. Verify them, mark them absent, or override with a reason." }, 0, 0);

        foreach (var booking in unproved) booking.MeetByOverride(overrideReason!, now);
        foreach (var booking in bookings.Where(b => b.State == BookingState.Confirmed)) booking.State = BookingState.NoShowParticipant;
        State = WalkState.Started;
        LastSeenAt = now;
        // A late start keeps its length: the clock she is watched by is the walk's, not the plan's.
        EndDue = now > StartsAt ? EndsAt + (now - StartsAt) : EndsAt;
        return (null, present.Count - unproved.Count, unproved.Count);
    }

    /// <summary>
    /// When a step happened that the phone could tell only later: not in the future (its clock may be two minutes fast), and not before the walk's day.
    /// </summary>
    public (Refusal? Refused, DateTimeOffset At) Happened(DateTimeOffset? told, DateTimeOffset now) =>
        told is not { } at ? (null, now)
        : at > now + PhoneAhead ? (Refusals.NotHappenedYet, default)
        : DateOnly.FromDateTime(this.Local(at).DateTime) < LocalDate ? (Refusals.HappenedBefore with { Detail = $"The walk is on {LocalDate:yyyy-MM-dd}, on the force's clock." }, default)
        : (null, at < now ? at : now);

    /// <summary>Her last sign of life; what arrives late does not make an earlier one the last.</summary>
    public void Seen(DateTimeOffset at) => LastSeenAt = LastSeenAt > at ? LastSeenAt : at;

    /// <summary>She is well; close to the end it also buys time.</summary>
    public Refusal? CheckIn(DateTimeOffset now)
    {
        if (State != WalkState.Started) return Refusals.WalkNotStarted;
        Seen(now);
        if (EndDue < now + CheckInExtends) EndDue = now + CheckInExtends;
        return null;
    }

    /// <summary>Ends the walk; answers how many took part.</summary>
    public (Refusal? Refused, int Attended) End(IReadOnlyCollection<Booking> bookings, DateTimeOffset now)
    {
        if (State != WalkState.Started) return (Refusals.WalkNotStarted, 0);
        State = WalkState.Ended;
        Seen(now);
        EndDue = null;
        var met = bookings.Where(b => b.State == BookingState.Met).ToList();
        foreach (var booking in met) booking.State = BookingState.Completed;
        return (null, met.Sum(b => b.People));
    }

    /// <summary>The force calls it off.</summary>
    public Refusal? Cancel(string reason)
    {
        if (State != WalkState.Published) return Refusals.WalkNotOpen;
        State = WalkState.Cancelled;
        CancelReason = reason;
        Revision++;
        Taken = 0;
        foreach (var officer in Officers) officer.Active = false;
        return null;
    }
}

/// <summary>
/// An officer's time on a walk, buffers included. Two active rows of one officer may not overlap: the database itself refuses it
/// (exclusion constraint on PostgreSQL, triggers on SQLite; see the migrations).
/// </summary>
internal sealed class WalkOfficer : IForceRow
{
    public string ForceId { get; set; } = "";
    public Guid WalkId { get; init; }
    public Guid OfficerId { get; init; }
    public Officer Officer { get; init; } = null!;
    public required DateTimeOffset BusyFrom { get; init; }
    public required DateTimeOffset BusyUntil { get; init; }
    public bool Active { get; set; } = true;
}
