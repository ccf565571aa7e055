using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;

namespace WalkTalk.Booking;

/// <summary>How a walk looks over the wire: local times with their offset, names beside codes.</summary>
internal static class Views
{
    /// <summary>An enum as the API writes it: lower case, one word.</summary>
    public static string Wire<T>(this T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static DateTimeOffset Local(this Walk walk, DateTimeOffset instant) =>
        TimeZoneInfo.ConvertTime(instant, TimeZoneInfo.FindSystemTimeZoneById(walk.Zone));

    public static DateTimeOffset? Local(this Walk walk, DateTimeOffset? instant) => instant is { } at ? walk.Local(at) : null;

    public static string Ward(this Walk walk, ForcePack pack) => pack.FindWard(walk.WardCode)?.Name ?? walk.WardCode;

    public static OfficerView View(this Officer officer) => new(officer.FirstName, officer.CollarNumber);

    public static OfficerRow Row(this Officer officer) =>
        new(officer.Id, officer.FirstName, officer.CollarNumber, officer.Languages, officer.Sub is not null, officer.Areas, officer.SignLanguage, officer.EmailProtected is not null, officer.LastDay);

    public static List<OfficerView> OfficerViews(this Walk walk) => [.. walk.Officers.Select(o => o.Officer.View())];

    public static SunView SunView(this Walk walk, ForcePack pack)
    {
        if (pack.FindWard(walk.WardCode) is not { } ward) return new(null, null, null, null);
        var sun = Sun.Times(ward.Lat, ward.Lng, walk.LocalDate, TimeZoneInfo.FindSystemTimeZoneById(walk.Zone));
        return new(sun.Dawn, sun.Sunrise, sun.Sunset, sun.Dusk);
    }

    public static WalkOffer Offer(this Walk walk, ForcePack pack, int officers) => new(
        walk.Id, walk.WardCode, walk.Ward(pack), walk.Local(walk.StartsAt), walk.Local(walk.EndsAt), walk.Zone,
        walk.Band.Wire(), walk.SunView(pack), officers, walk.Language, walk.StepFree);
}
