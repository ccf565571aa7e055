using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>A meeting point that the force has imported; it stands beside those of the pack.</summary>
internal sealed class ImportedPoint : IForceRow, IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }

    /// <summary>What a plan or a page calls it by.</summary>
    public required string Code { get; init; }
    public string WardCode { get; set; } = "";
    public string Name { get; set; } = "";
    public double Lat { get; set; }
    public double Lng { get; set; }
    public bool Lit { get; set; }
    public bool StepFree { get; set; }

    public MeetingPoint Point
    {
        get => new(Code, WardCode, Name, Lat, Lng, Lit, StepFree);
        set => (WardCode, Name, Lat, Lng, Lit, StepFree) = (value.WardCode, value.Name, value.Lat, value.Lng, value.Lit, value.StepFree);
    }

    public static ImportedPoint Of(MeetingPoint point) => new() { Code = point.Id, Point = point };
}

/// <summary>The public places where a walk of this force can begin.</summary>
internal static class MeetingPoints
{
    public static async Task<IResult> List(BookingDb db, ForcePackCatalogue packs, CancellationToken ct) =>
        TypedResults.Ok((await All(db, packs.Get(db.Force!), ct)).Select(p => new MeetingPointRow(p.Id, p.WardCode, p.Name, p.Lit, p.StepFree)).ToList());

    /// <summary>The pack's and the imported ones; one whose ward the pack no longer has is left out.</summary>
    public static async Task<List<MeetingPoint>> All(BookingDb db, ForcePack pack, CancellationToken ct) =>
        [.. pack.MeetingPoints, .. (await db.MeetingPoints.AsNoTracking().OrderBy(p => p.Code).ToListAsync(ct)).Select(p => p.Point).Where(p => pack.FindMeetingPoint(p.Id) is null && pack.FindWard(p.WardCode) is not null)];

    /// <summary>Those of them that there are, by id.</summary>
    public static async Task<Dictionary<string, MeetingPoint>> Find(BookingDb db, ForcePack pack, IEnumerable<string> ids, CancellationToken ct)
    {
        var found = ids.Distinct().ToDictionary(id => id, pack.FindMeetingPoint);
        var others = found.Where(f => f.Value is null).Select(f => f.Key).ToList();
        if (others.Count > 0)
        {
            foreach (var imported in await db.MeetingPoints.AsNoTracking().Where(p => others.Contains(p.Code)).ToListAsync(ct)) found[imported.Code] = pack.FindWard(imported.WardCode) is null ? null : imported.Point;
        }
        return found.Where(f => f.Value is not null).ToDictionary(f => f.Key, f => f.Value!);
    }
}
