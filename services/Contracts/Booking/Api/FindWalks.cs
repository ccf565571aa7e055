namespace WalkTalk.Contracts.Booking.Api;

/// <summary>A page of walks, soonest first: <c>GET /walks?ward=&amp;date=&amp;band=&amp;stepFree=&amp;people=&amp;cursor=</c>; with <c>full=true</c> the full ones, to wait for.</summary>
/// <param name="Next">The cursor of the next page, null on the last.</param>
public sealed record FoundWalks(IReadOnlyList<WalkOffer> Walks, string? Next);

/// <summary>What anybody may know of a walk: ward, time and offer. Officer and meeting point are told after confirmation, so that nobody can wait for either.</summary>
/// <param name="StartsAt">With the offset of the walk's place.</param>
/// <param name="Zone">IANA id, e.g. Europe/London.</param>
/// <param name="LightBand">day, dusk, dark or late: the walk's darkest moment.</param>
/// <param name="Officers">One or two.</param>
public sealed record WalkOffer(
    Guid WalkId, string WardCode, string Ward, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string Zone,
    string LightBand, SunView Sun, int PlacesLeft, int Officers, string Language, bool StepFree);

/// <summary>The sun of that day and ward. Dawn and dusk are civil twilight: after dusk it is dark. Null where it does not happen.</summary>
public sealed record SunView(DateTimeOffset? Dawn, DateTimeOffset? Sunrise, DateTimeOffset? Sunset, DateTimeOffset? Dusk);

/// <summary>How many walks a day has under the same filters: <c>GET /walks/days</c>. Days without a walk are left out.</summary>
public sealed record WalkDay(DateOnly Date, int Walks);
