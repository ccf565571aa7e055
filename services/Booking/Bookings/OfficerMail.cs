using System.Runtime.Serialization;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>
/// What officers are sent: who comes as a number, the place and what is dark or not step-free there; never a name. An officer without an address is sent nothing.
/// Her calendar has one entry for each walk, however often it changes.
/// </summary>
internal sealed partial class BookingMail
{
    public const string Email = "officer-email";

    /// <summary>Somebody has booked. The booking is the subject: each is told once.</summary>
    private async Task TellOfficers(string template, Booking booking, Walk walk, int version, CancellationToken ct)
    {
        await db.Entry(walk).Collection(w => w.Officers).Query().Include(o => o.Officer).LoadAsync(ct);
        if (walk.Officers.All(o => o.Officer.EmailProtected is null)) return;
        var others = await db.Bookings.Where(b => b.WalkId == walk.Id && b.State == BookingState.Confirmed && b.Id != booking.Id).SumAsync(b => b.People, ct);
        var people = others + (booking.WalkId == walk.Id && booking.State == BookingState.Confirmed ? booking.People : 0);
        await ToOfficers(walk, template, booking.Id, version, walk.EndsAt, [.. Coming(walk, people)], CalendarFile.OfWalk(walk, db.Now), ct);
        if (template == "officer-walk-confirmed") await PlanOfficerReminders(walk, ct);
    }

    /// <summary>Who walks now hears that the walk is hers, who walks no more that it is somebody else's, and who stays that something has changed.</summary>
    public async Task OfficersChanged(Walk walk, Officer? left, IReadOnlyCollection<Officer> stay, int people, CancellationToken ct)
    {
        foreach (var officer in walk.Officers.Select(o => o.Officer))
        {
            await ToOfficer(officer, stay.Contains(officer) ? "officer-walk-changed" : "officer-walk-given", walk.Id, walk.Revision, walk.EndsAt,
                [.. Coming(walk, people)], CalendarFile.OfWalk(walk, db.Now), ct);
        }
        if (left is not null)
        {
            await ToOfficer(left, "officer-walk-taken", walk.Id, walk.Revision, walk.EndsAt,
                [("starts_at", walk.Local(walk.StartsAt).ToString("O")), ("place", walk.MeetingPoint)], CalendarFile.OfWalk(walk, db.Now, hers: false), ct);
        }
        if (people > 0) await PlanOfficerReminders(walk, ct);
    }

    private async Task PlanOfficerReminders(Walk walk, CancellationToken ct)
    {
        if (walk.Officers.All(o => o.Officer.EmailProtected is null)) return;
        foreach (var hours in OfficerReminder.Hours.Where(h => walk.StartsAt.AddHours(-h) > db.Now))
            await db.Schedule(OfficerReminder.Key(walk.Id, hours), walk.StartsAt.AddHours(-hours), new OfficerReminderDue(walk.Id, hours), ct);
    }

    /// <summary>The force called the walk off.</summary>
    public Task CalledOff(Walk walk, CancellationToken ct) =>
        ToOfficers(walk, "officer-walk-cancelled", walk.Id, walk.Revision, walk.EndsAt.AddDays(1),
            [("starts_at", walk.Local(walk.StartsAt).ToString("O")), ("place", walk.MeetingPoint)], CalendarFile.OfWalk(walk, db.Now), ct);

    public Task RemindOfficers(Walk walk, int people, int hours, CancellationToken ct) =>
        ToOfficers(walk, "officer-walk-reminder", walk.Id, hours, walk.StartsAt, [.. Coming(walk, people)], null, ct);

    /// <summary>Her walks of one day, a line each; and what those who come need, as her day sheet's page has it but without a name, protected on the way.</summary>
    public Task DaySheet(Officer officer, DateOnly day, IReadOnlyList<(Walk Walk, int People, IReadOnlyList<MeetingNeeds> Needs)> walks, CancellationToken ct) =>
        ToOfficer(officer, "officer-day-sheet", officer.Id, day.DayNumber, walks.Max(w => w.Walk.EndsAt),
        [
            ("on", day.ToString("O", System.Globalization.CultureInfo.InvariantCulture)),
            ("walks", string.Join("\n", walks.Select(w => $"{w.Walk.Local(w.Walk.StartsAt):HH:mm} {w.Walk.MeetingPoint}, {w.Walk.Ward(Pack)}. {Number(w.People)}. {Hazards(w.Walk)}"))),
            .. string.Join("\n", walks.SelectMany(w => w.Needs.Select(InWords).Where(n => n.Length > 0).Select(n => $"{w.Walk.Local(w.Walk.StartsAt):HH:mm}: {n}"))) is { Length: > 0 } needs
                ? ((string, string)[])[("!needs", needs)] : [],
            ("link", $"/{db.Force}/officer?date={day:yyyy-MM-dd}"),
        ], null, ct);

    private async Task ToOfficers(Walk walk, string template, Guid subject, long version, DateTimeOffset worthUntil, (string, string)[] fields, string? calendar, CancellationToken ct)
    {
        await db.Entry(walk).Collection(w => w.Officers).Query().Include(o => o.Officer).LoadAsync(ct);
        foreach (var officer in walk.Officers) await ToOfficer(officer.Officer, template, subject, version, worthUntil, fields, calendar, ct);
    }

    private async Task ToOfficer(Officer officer, string template, Guid subject, long version, DateTimeOffset worthUntil, (string, string)[] fields, string? calendar, CancellationToken ct)
    {
        if (officer.EmailProtected is null || await personal.Open(db, officer.Id, Email, officer.EmailProtected, template, ct) is not { } address) return;
        Ask(template, address, "en", subject, version, "normal", worthUntil,
            calendar is null ? null : new Contracts.Notification.Attachment("walk.ics", CalendarFile.ContentType, transit.Protect(calendar)), false, fields);
    }

    private IEnumerable<(string, string)> Coming(Walk walk, int people) =>
    [
        ("starts_at", walk.Local(walk.StartsAt).ToString("O")), ("place", walk.MeetingPoint), ("people", Number(people)), ("what", Hazards(walk)),
        ("link", $"/{db.Force}/officer/walks/{walk.Id}?date={walk.LocalDate:yyyy-MM-dd}"),
    ];

    private static string Number(int people) => people switch { 0 => "Nobody has booked", 1 => "1 person comes", _ => $"{people} people come" };

    /// <summary>What she must know to meet somebody well.</summary>
    private static string InWords(MeetingNeeds needs) => string.Join(", ", new[]
    {
        needs.Spoken is { } spoken ? $"language: {spoken}" : null, needs.SignLanguage ? "British Sign Language" : null,
        needs.StepFree ? "a step-free way" : null, needs.NonPoliceWalker ? "somebody who is not from the police" : null,
    }.Where(s => s is not null));

    /// <summary>What to reckon with there, without a name.</summary>
    private static string Hazards(Walk walk) => string.Join(" ", new[]
    {
        walk.Band switch { LightBand.Day => "Daylight.", LightBand.Dusk => "Dusk.", LightBand.Dark => "Dark.", _ => "Late." },
        walk.Lit ? null : "The meeting point is not lit.", walk.StepFree ? "Step-free route." : null, walk.Language == "en" ? null : $"Language: {walk.Language}.",
        walk.Officers.Count > 1 ? "Two officers walk." : null,
    }.Where(s => s is not null));
}

/// <summary>A reminder to this service: an officer's walk begins in so many hours.</summary>
[DataContract(Name = "booking-officer-reminder-due")]
internal sealed record OfficerReminderDue(Guid WalkId, int Hours);

/// <summary>Reminds the officers of a walk that still stands and to which somebody comes.</summary>
internal sealed class OfficerReminder(BookingDb db, BookingMail mail) : IConsume<OfficerReminderDue>
{
    public static readonly int[] Hours = [24, 2];

    public static string Key(Guid walkId, int hours) => $"officer-reminder-{hours}h:{walkId:N}";

    public async Task Consume(OfficerReminderDue message, Delivery delivery, CancellationToken ct)
    {
        if (await db.Walks.SingleOrDefaultAsync(w => w.Id == message.WalkId, ct) is not { State: WalkState.Published } walk || db.Now >= walk.StartsAt) return;
        var people = await db.Bookings.Where(b => b.WalkId == walk.Id && b.State == BookingState.Confirmed).SumAsync(b => b.People, ct);
        if (people > 0) await mail.RemindOfficers(walk, people, message.Hours, ct);
    }
}

/// <summary>A reminder to this service: it is six in the morning.</summary>
[DataContract(Name = "booking-day-sheets-due")]
internal sealed record DaySheetsDue;

/// <summary>At six, local time, each officer who walks that day is sent her day; the next morning is planned with it.</summary>
internal sealed class SendDaySheets(BookingDb db, PersonalData personal, BookingMail mail, ForcePackCatalogue packs) : IConsume<DaySheetsDue>
{
    private const string Key = "day-sheets";
    private static readonly TimeOnly Six = new(6, 0), Late = new(12, 0);

    /// <summary>The coming morning; before noon the one that may have been missed. Who had her sheet is not sent it twice: the day is its version.</summary>
    public static Task Plan(BookingDb db, ForcePack pack, CancellationToken ct) => db.Schedule(Key, Next(pack, db.Now, missed: true), new DaySheetsDue(), ct);

    public async Task Consume(DaySheetsDue message, Delivery delivery, CancellationToken ct)
    {
        var pack = packs.Get(db.Force!);
        var local = TimeZoneInfo.ConvertTime(db.Now, pack.TimeZone).DateTime;
        var today = DateOnly.FromDateTime(local);
        if (TimeOnly.FromDateTime(local) < Late)
        {
            var walks = await db.Walks.Where(w => w.LocalDate == today && w.State == WalkState.Published && w.Officers.Any(o => o.Officer.EmailProtected != null))
                .Include(w => w.Officers).ThenInclude(o => o.Officer).OrderBy(w => w.StartsAt).ToListAsync(ct);
            var ids = walks.Select(w => w.Id).ToList();
            var people = await db.Bookings.Where(b => ids.Contains(b.WalkId) && b.State == BookingState.Confirmed).GroupBy(b => b.WalkId)
                .Select(g => new { g.Key, People = g.Sum(b => b.People) }).ToDictionaryAsync(g => g.Key, g => g.People, ct);
            var needs = new List<(Guid WalkId, MeetingNeeds Needs)>();
            foreach (var booking in await db.Bookings.Where(b => ids.Contains(b.WalkId) && b.State == BookingState.Confirmed && b.NeedsProtected != null).OrderBy(b => b.Id).ToListAsync(ct))
            {
                if (await WalkTalk.Booking.DaySheet.NeedsAt(db, personal, booking, walks.Single(w => w.Id == booking.WalkId), "day sheet by mail", ct, guardian: false) is not { } hers) continue;
                needs.Add((booking.WalkId, hers));
                db.Audit("disclosed", BookingMail.Needs, $"{booking.PersonId}", "day sheet by mail");
            }
            foreach (var hers in walks.SelectMany(w => w.Officers.Select(o => (o.Officer, Walk: w))).GroupBy(w => w.Officer))
                await mail.DaySheet(hers.Key, today, [.. hers.Select(w => (w.Walk, people.GetValueOrDefault(w.Walk.Id), (IReadOnlyList<MeetingNeeds>)[.. needs.Where(n => n.WalkId == w.Walk.Id).Select(n => n.Needs)]))], ct);
        }
        await db.Schedule(Key, Next(pack, db.Now, missed: false), new DaySheetsDue(), ct);
    }

    internal static DateTimeOffset Next(ForcePack pack, DateTimeOffset now, bool missed)
    {
        var local = TimeZoneInfo.ConvertTime(now, pack.TimeZone).DateTime;
        var (day, time) = (DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
        return WallClock.Moment(time < Six || (missed && time < Late) ? day : day.AddDays(1), Six, pack.TimeZone);
    }
}
