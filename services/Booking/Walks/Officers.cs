using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>The force's officers: rows from its pack at every start, accounts attached by the coordinator.</summary>
internal static class Officers
{
    /// <summary>Adds the officers a pack names and this database does not know; never changes one.</summary>
    public static async Task Seed(IServiceProvider services, BookingDb db, CancellationToken ct)
    {
        var packs = services.GetRequiredService<ForcePackCatalogue>();
        foreach (var force in packs.Ids)
        {
            db.Force = force;
            var known = (await db.Officers.Select(o => o.CollarKey).ToListAsync(ct)).ToHashSet();
            db.Officers.AddRange(packs.Get(force).Officers.Where(o => !known.Contains(Officer.KeyOf(o.Collar))).Select(o => new Officer
            {
                Id = o.Id, FirstName = o.FirstName, CollarNumber = o.Collar, CollarKey = Officer.KeyOf(o.Collar), Languages = [.. o.Languages],
            }));
            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
        }
    }

    public static async Task<IResult> List(BookingDb db, CancellationToken ct)
    {
        var officers = await db.Officers.OrderBy(o => o.FirstName).ThenBy(o => o.CollarKey).AsNoTracking().ToListAsync(ct);
        return TypedResults.Ok(officers.Select(o => new OfficerRow(o.Id, o.FirstName, o.CollarNumber, o.Languages, o.Sub is not null)).ToList());
    }

    public static async Task<IResult> Attach(Guid officerId, AttachOfficerRequest request, BookingDb db, CancellationToken ct)
    {
        if (await db.Officers.SingleOrDefaultAsync(o => o.Id == officerId, ct) is not { } officer) return Refusals.OfficerUnknown with { Status = 404, Field = null };
        officer.Sub = request.Sub;
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation("sub"))
        {
            db.ChangeTracker.Clear();
            return Refusals.AccountTaken;
        }
        return TypedResults.NoContent();
    }
}
