namespace WalkTalk.Contracts.Booking.Api;

/// <summary>The signed-in officer's walks of one local day: <c>GET /day-sheet?date=</c>.</summary>
public sealed record DaySheetView(OfficerView Officer, DateOnly Date, IReadOnlyList<OfficerWalk> Walks);

/// <summary>A walk as its officer sees it.</summary>
/// <param name="EndDue">When she is expected to end or check in; ten minutes later the coordinator is called.</param>
/// <param name="OpenAlarm">A mismatch on this walk that no coordinator has acknowledged.</param>
/// <param name="Alarms">About the officers themselves, until it is said how they ended.</param>
public sealed record OfficerWalk(
    Guid WalkId, string State, string Ward, string MeetingPoint, bool Lit, bool StepFree, string Language,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Zone, string LightBand, DateTimeOffset? EndDue, bool OpenAlarm,
    IReadOnlyList<OfficerView> Officers, IReadOnlyList<OfficerBooking> Bookings, IReadOnlyList<OfficerAlarm> Alarms);

/// <summary>Her own alarm as the officer sees it.</summary>
/// <param name="Kind">help: she called for it; overdue: nobody has heard of her.</param>
/// <param name="TakenAt">When somebody on duty said that she has it; null while nobody has.</param>
public sealed record OfficerAlarm(string Kind, DateTimeOffset RaisedAt, DateTimeOffset? TakenAt);

/// <summary>Who comes. Her words are never here: the officer types what she hears.</summary>
/// <param name="YouSay">The officer's words, while they work; null otherwise.</param>
/// <param name="Meeting">issued, matched, overridden or mismatched.</param>
public sealed record OfficerBooking(Guid BookingId, string? FirstName, int People, string State, string Meeting, int TriesLeft, string? YouSay,
    MeetingNeeds? Needs = null);
