using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WalkTalk.Contracts.Booking;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking.Demo;

/// <summary>Fills an empty Booking with <see cref="DemoYear"/> when Demo:Enabled says so, for packs that say that they are a demonstration.</summary>
internal static class DemoWalks
{
    private static readonly string[] FirstNames = ["Amina", "Beth", "Chioma", "Dana", "Elif", "Fatou", "Gemma", "Hana", "Isla", "Jaya", "Kim", "Leah"];

    public static async Task Seed(IServiceProvider services, BookingDb db, CancellationToken ct)
    {
        if (!services.GetRequiredService<IConfiguration>().GetValue("Demo:Enabled", false)) return;
        var packs = services.GetRequiredService<ForcePackCatalogue>();
        var personal = services.GetRequiredService<PersonalData>();
        var options = services.GetRequiredService<IOptions<BookingOptions>>().Value;
        foreach (var pack in packs.Ids.Select(packs.Get).Where(p => p.Demonstration))
        {
            db.Force = pack.Id;
            if (await db.Walks.AnyAsync(ct)) continue;
            var year = DemoYear.Of(pack, db.Now, options.Buffer);
            await db.Atomically(async () => { await Save(db, personal, pack, year, ct); return true; }, ct);
            db.ChangeTracker.Clear();
        }
    }

    private static async Task Save(BookingDb db, PersonalData personal, ForcePack pack, DemoYear year, CancellationToken ct)
    {
        await Accounts(db, pack, ct);
        await Names(db, personal, year, ct);
        Offers(db, pack);
        db.Walks.AddRange(year.Walks);
        db.Bookings.AddRange(year.Bookings);
        db.Alerts.AddRange(year.Alerts);
        foreach (var fact in year.Facts) Publish(db, fact);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>The first officers of the pack are those one can sign in as; their account is known by the officer's own id.</summary>
    private static async Task Accounts(BookingDb db, ForcePack pack, CancellationToken ct)
    {
        var ids = pack.Officers.Take(3).Select(o => o.Id).ToList();
        foreach (var officer in await db.Officers.Where(o => ids.Contains(o.Id) && o.Sub == null).ToListAsync(ct))
            officer.Sub = $"{officer.Id}";
    }

    /// <summary>Every officer offers an evening and a midday each week, and now and then somebody is away.</summary>
    private static void Offers(BookingDb db, ForcePack pack)
    {
        string[] days = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        var today = pack.Today(db.Now);
        foreach (var (officer, i) in pack.Officers.Select((o, i) => (o, i)))
        {
            db.Availability.AddRange(
                new Availability { OfficerId = officer.Id, FirstDate = today.AddDays(-28), From = new(17, 30), Until = new(20, 30), Rule = $"FREQ=WEEKLY;BYDAY={days[i % 7]}" },
                new Availability { OfficerId = officer.Id, FirstDate = today.AddDays(-28), From = new(12, 0), Until = new(14, 0), Rule = $"FREQ=WEEKLY;BYDAY={days[(i + 3) % 7]}" });
            if (i % 8 == 5) db.Leave.Add(new Leave { OfficerId = officer.Id, From = today.AddDays(5), Until = today.AddDays(11), Kind = "annual" });
        }
    }

    /// <summary>Who is still to come has a first name and words for the officer's sheet, and no contact: nothing is ever sent.</summary>
    private static async Task Names(BookingDb db, PersonalData personal, DemoYear year, CancellationToken ct)
    {
        var next = 0;
        foreach (var booking in year.Bookings.Where(b => b.State == BookingState.Confirmed))
        {
            booking.NameProtected = await personal.Protect(db, booking.PersonId, BookingMail.Name, FirstNames[next++ % FirstNames.Length], ct);
            booking.WordsProtected = await personal.Protect(db, booking.PersonId, BookingMail.Words, MeetingWords.New().ToString(), ct);
        }
    }

    private static void Publish(BookingDb db, object fact)
    {
        switch (fact)
        {
            case WalkPublished f: db.Publish(f); break;
            case WalkCancelled f: db.Publish(f); break;
            case WalkStarted f: db.Publish(f); break;
            case WalkEnded f: db.Publish(f); break;
            case BookingConfirmed f: db.Publish(f); break;
            case BookingCancelled f: db.Publish(f); break;
            case BookingMet f: db.Publish(f); break;
            case MeetingMismatched f: db.Publish(f); break;
            default: throw new InvalidOperationException($"{fact.GetType().Name} is no fact of Booking.");
        }
    }
}
