namespace WalkTalk.Contracts.Booking.Api;

/// <summary>
/// Whom to ask for a walk, first to last: <c>GET /officers/suggested?meetingPointId=&amp;date=&amp;time=&amp;secondTime=&amp;minutes=&amp;language=&amp;signLanguage=</c>.
/// Those with nothing against them come first, then those with the least; of equals those with the fewest walks.
/// </summary>
/// <param name="Recent">Her walks since 28 days ago, those ahead included.</param>
/// <param name="Against">busy, leave, unavailable, rest, dayfull, language, signlanguage, area; empty when she suits.</param>
public sealed record SuggestedOfficer(Guid OfficerId, string FirstName, string CollarNumber, int Recent, IReadOnlyList<string> Against);
