namespace WalkTalk.Contracts.Booking.Api;

/// <summary>Her walk: <c>GET /my-walk</c> with her link. Her first name and the walk; never contact, surname or needs. The ETag goes with a change.</summary>
/// <param name="State">confirmed, met, completed, cancelledbyparticipant, cancelledbyforce, noshowparticipant, noshowofficer; of the waiting list: waiting, offered, declined, lapsed.</param>
/// <param name="MeetingPoint">Null, as the officers are none, until the place is hers.</param>
/// <param name="Words">From two hours before the start until the walk has begun; null otherwise.</param>
/// <param name="CanCancel">The place can still be given back or moved.</param>
/// <param name="Other">The place that waits for her word: she is about to move to it, waits for it, or has it offered.</param>
/// <param name="ArrangedBy">Something she asked for is being arranged, and she hears of it by then; the page does not say what.</param>
/// <param name="OfficerChanged">Somebody else meets her than she was told: <c>POST /my-walk/officer/accept</c> or <c>…/decline</c>, with If-Match.</param>
/// <param name="CanRebook">This walk is over or was called off by the force: <c>POST /my-walk/move</c> and <c>/my-walk/place/take</c> book another one, without a code.</param>
/// <param name="CanSayNobodyCame">It is ten minutes after the start and the walk has not begun: <c>POST /my-walk/officer-absent</c> with If-Match.</param>
/// <param name="CanTell">The walk is over and an attendance token is hers to take.</param>
public sealed record MyWalkView(
    Guid BookingId, string State, string? FirstName, int People,
    string WardCode, string Ward, string? MeetingPoint, bool Lit, bool StepFree, string Language,
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Zone, string LightBand, SunView Sun,
    IReadOnlyList<OfficerView> Officers, WordsView? Words, DateTimeOffset WordsFrom, bool CanCancel, bool CanTell, string? CancelReason, string ETag, Guid WalkId, OtherPlace? Other, bool CanSayNobodyCame,
    DateTimeOffset? ArrangedBy = null, bool OfficerChanged = false, bool CanRebook = false);

/// <summary>A place that waits for her word.</summary>
/// <param name="State">held, waiting or offered.</param>
/// <param name="Until">Then the hold, the offer or the waiting is over.</param>
public sealed record OtherPlace(string State, DateTimeOffset Until, WalkOffer Walk);

/// <summary>An officer as a participant knows her.</summary>
public sealed record OfficerView(string FirstName, string CollarNumber);

/// <summary>Both sides' words. The officer says hers first.</summary>
public sealed record WordsView(string OfficerSays, string YouSay, DateTimeOffset WorkFrom, DateTimeOffset WorkUntil, int TriesLeft);
