namespace WalkTalk.Contracts.Booking.Api;

/// <summary>
/// A page of walks, soonest first: <c>GET /walks?ward=&amp;near=&amp;km=&amp;date=&amp;from=&amp;until=&amp;band=&amp;language=&amp;stepFree=&amp;people=&amp;cursor=</c>; with <c>full=true</c> the
/// full ones, to wait for.
/// </summary>
/// <param name="Next">The cursor of the next page, null on the last.</param>
public sealed record FoundWalks(IReadOnlyList<WalkOffer> Walks, string? Next);

/// <summary>
/// What anybody may know of a walk: ward, time and offer. Officer and meeting point are told after confirmation, so that nobody can wait for either; how many
/// places are taken is told to nobody, because a count that changes says when a woman booked.
/// </summary>
/// <param name="WalkId">Random: it tells neither when nor with which others the walk was published.</param>
/// <param name="StartsAt">With the offset of the walk's place.</param>
/// <param name="Zone">IANA id, e.g. Europe/London.</param>
/// <param name="LightBand">day, dusk, dark or late: the walk's darkest moment.</param>
/// <param name="Officers">One or two.</param>
public sealed record WalkOffer(
    Guid WalkId, string WardCode, string Ward, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Zone,
    string LightBand, SunView Sun, int Officers, string Language, bool StepFree);

/// <summary>The sun of that day and ward. Dawn and dusk are civil twilight: after dusk it is dark. Null where it does not happen.</summary>
public sealed record SunView(DateTimeOffset? Dawn, DateTimeOffset? Sunrise, DateTimeOffset? Sunset, DateTimeOffset? Dusk);
