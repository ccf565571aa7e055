using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;

namespace WalkTalk.Booking;

/// <summary>Whom a coordinator asks for a walk first, and what stands against the others.</summary>
internal static class SuggestOfficers
{
    public static async Task<IResult> Handle(
        string meetingPointId, DateOnly date, TimeOnly time, bool? secondTime, int? minutes, string? language, bool? signLanguage,
        BookingDb db, ForcePackCatalogue packs, IOptions<BookingOptions> options, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        if ((await MeetingPoints.Find(db, pack, [meetingPointId], ct)).GetValueOrDefault(meetingPointId) is not { } point) return Refusals.MeetingPointUnknown;
        var (refused, start) = PublishWalk.When(date, time, secondTime, pack, db.Now, options.Value);
        if (refused is not null) return refused;
        var end = start.AddMinutes(Math.Clamp(minutes ?? 45, 30, 240));

        var officers = await OfficerTime.ReadAll(db, pack, date, date, ct);
        return TypedResults.Ok(officers.Where(o => !o.Officer.LeavesBefore(end))
            .Select(o => new SuggestedOfficer(o.Officer.Id, o.Officer.FirstName, o.Officer.CollarNumber, o.Recent, [.. Against(o).Select(h => h.Wire())]))
            .OrderBy(o => o.Against.Count).ThenBy(o => o.Recent).ThenBy(o => o.OfficerId).ToList());

        IEnumerable<Hindrance> Against(OfficerTime officer)
        {
            if (officer.Against(start, end, date, options.Value) is { } time) yield return time;
            if (!officer.Officer.Areas.Contains(point.WardCode)) yield return Hindrance.Area;
            if (!officer.Officer.Languages.Contains(language ?? "en")) yield return Hindrance.Language;
            if (signLanguage == true && !officer.Officer.SignLanguage) yield return Hindrance.SignLanguage;
        }
    }
}
