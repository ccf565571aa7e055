using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>The force's officers: rows from its pack at every start, accounts attached by the coordinator.</summary>
internal static class Officers
{
    /// <summary>Adds the officers a pack names and this database does not know; of the known ones only what an older version did not keep is filled in.</summary>
    public static async Task Seed(IServiceProvider services, BookingDb db, CancellationToken ct)
    {
        var packs = services.GetRequiredService<ForcePackCatalogue>();
        var personal = services.GetRequiredService<PersonalData>();
        foreach (var force in packs.Ids)
        {
            db.Force = force;
            var known = await db.Officers.ToDictionaryAsync(o => o.CollarKey, ct);
            foreach (var o in packs.Get(force).Officers)
            {
                if (known.GetValueOrDefault(Officer.KeyOf(o.Collar)) is not { } officer)
                {
                    officer = new Officer
                    {
                        Id = o.Id, FirstName = o.FirstName, CollarNumber = o.Collar, CollarKey = Officer.KeyOf(o.Collar), Languages = [.. o.Languages],
                        Areas = [.. o.Areas], SignLanguage = o.SignLanguage,
                    };
                    db.Officers.Add(officer);
                    await officer.MailTo(o.Email, db, personal, ct);
                }
                else if (officer.Areas.Count == 0)
                {
                    (officer.Areas, officer.SignLanguage) = ([.. o.Areas], o.SignLanguage);
                }
            }
            await SendDaySheets.Plan(db, packs.Get(force), ct);
            await db.SaveChangesAsync(ct);
            db.ChangeTracker.Clear();
        }
    }

    public static async Task<IResult> List(BookingDb db, CancellationToken ct)
    {
        var officers = await db.Officers.OrderBy(o => o.FirstName).ThenBy(o => o.CollarKey).AsNoTracking().ToListAsync(ct);
        return TypedResults.Ok(officers.Select(o => o.Row()).ToList());
    }

    /// <summary>The caller as an officer of this force, until her last day is over.</summary>
    public static async Task<Officer?> SignedIn(BookingDb db, ForcePack pack, CancellationToken ct)
    {
        var sub = db.Caller.Sub;
        return await db.Officers.SingleOrDefaultAsync(o => o.Sub == sub, ct) is { } officer && !officer.HasLeft(pack.Local(db.Now)) ? officer : null;
    }

    public static async Task<IResult> Attach(Guid officerId, AttachOfficerRequest request, BookingDb db, CancellationToken ct)
    {
        if (await db.Officers.SingleOrDefaultAsync(o => o.Id == officerId, ct) is not { } officer) return Refusals.OfficerUnknown with { Status = 404, Field = null };
        // An address the one before was given shows nothing of the next.
        if (officer.Sub != request.Sub) officer.CalendarHash = null;
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
