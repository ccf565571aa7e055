using System.Security.Cryptography;
using System.Text;
using WalkTalk.Contracts.Booking;
using WalkTalk.ForcePacks;

namespace WalkTalk.Booking.Demo;

/// <summary>
/// A year of invented walks, the same every time for the same force and moment: from the first day of the quarter a year back to four
/// weeks ahead. It goes through the walks' and bookings' own steps, at the instants at which they would have happened, and keeps the
/// facts they lead to. Nobody in it exists, so nobody can be written to.
/// </summary>
internal sealed class DemoYear
{
    private const int WeeksAhead = 4, WalksAWeek = 8;

    // The clock times women ask for: after work and after dark first.
    private static readonly TimeOnly[] Starts =
    [
        new(7, 30), new(10, 0), new(12, 30), new(15, 30), new(16, 30), new(17, 0), new(17, 30), new(18, 0), new(18, 30), new(19, 0),
        new(19, 30), new(20, 0), new(20, 30), new(21, 0), new(21, 30), new(22, 15), new(23, 0), new(23, 30),
    ];
    private static readonly TimeOnly[] OnTheseDays = [new(9, 30), new(12, 30), new(15, 30), new(18, 0), new(19, 30), new(21, 0)];

    private readonly ForcePack pack;
    private readonly DateTimeOffset now;
    private readonly TimeSpan buffer;
    private readonly Random random;
    private readonly Dictionary<Guid, List<(DateTimeOffset From, DateTimeOffset Until)>> busy = [];
    private readonly List<Ward> round = [];

    private DemoYear(ForcePack pack, DateTimeOffset now, TimeSpan buffer)
    {
        (this.pack, this.now, this.buffer) = (pack, now, buffer);
        random = new Random(BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes($"walks of {pack.Id}"))));
    }

    public List<Walk> Walks { get; } = [];
    public List<Booking> Bookings { get; } = [];
    public List<Alert> Alerts { get; } = [];

    /// <summary>What Booking would have told the other services, in its order.</summary>
    public List<object> Facts { get; } = [];

    public static DemoYear Of(ForcePack pack, DateTimeOffset now, TimeSpan buffer)
    {
        var year = new DemoYear(pack, now, buffer);
        var today = pack.Today(now);
        for (var week = FirstDay(today); week < today.AddDays(7 * WeeksAhead); week = week.AddDays(7))
        {
            for (var i = 0; i < WalksAWeek; i++) year.Plan(week.AddDays(year.random.Next(7)), Starts[year.random.Next(Starts.Length)]);
        }
        // Whenever the demonstration is looked at, there is a walk today or tomorrow with free places.
        foreach (var time in OnTheseDays)
        {
            year.Plan(today, time, free: true);
            year.Plan(today.AddDays(1), time, free: true);
        }
        return year;
    }

    /// <summary>The first day of the quarter a year back, so that every quarter shown is a whole one.</summary>
    public static DateOnly FirstDay(DateOnly today) => new(today.Year - 1, (today.Month - 1) / 3 * 3 + 1, 1);

    private void Plan(DateOnly date, TimeOnly time, bool free = false)
    {
        // Every ward has its turn: 48 of 48 is a target of the scheme.
        if (round.Count == 0) round.AddRange(pack.Wards.OrderBy(_ => random.Next()));
        var ward = round[^1];
        var points = pack.MeetingPoints.Where(p => p.WardCode == ward.Code).ToList();
        var (length, capacity, draw) = (30 + 15 * random.Next(3), 2 + random.Next(3), random.NextDouble());
        if (points.Count == 0 || WallClock.Instant(date, time, pack.TimeZone) is not { } start) return;
        var end = start.AddMinutes(length);
        // A walk that would be under way this moment is left out: nobody would ever end it.
        if (start <= now.AddMinutes(45) && end > now.AddMinutes(-30)) return;
        if (FreeOfficer(ward, start, end) is not { } officer) return;
        round.RemoveAt(round.Count - 1);

        var point = points[random.Next(points.Count)];
        var walk = new Walk
        {
            Id = NewId(), WardCode = ward.Code, MeetingPoint = point.Name, Lit = point.Lit, StepFree = point.StepFree && random.Next(4) == 0,
            Language = random.Next(8) == 0 ? officer.Languages[^1] : "en", StartsAt = start, EndsAt = end, LocalDate = date, LocalTime = time,
            Zone = pack.TimeZone.Id, Band = Sun.Band(ward.Lat, ward.Lng, pack.TimeZone, start, end), Capacity = capacity,
            Officers = [new WalkOfficer { OfficerId = officer.Id, BusyFrom = start - buffer, BusyUntil = end + buffer }],
        };
        Walks.Add(walk);
        Facts.Add(new WalkPublished(walk.Id, walk.WardCode, start.ToUniversalTime(), end.ToUniversalTime(), walk.Band.Wire(), capacity));
        if (start > now) Ahead(walk, free, draw); else Past(walk, draw);
    }

    private PackOfficer? FreeOfficer(Ward ward, DateTimeOffset start, DateTimeOffset end)
    {
        var (from, until) = (start - buffer, end + buffer);
        var officer = pack.Officers.Where(o => o.Areas.Contains(ward.Code)).OrderBy(_ => random.Next())
            .FirstOrDefault(o => !busy.TryGetValue(o.Id, out var times) || times.TrueForAll(t => t.Until <= from || until <= t.From));
        if (officer is null) return null;
        if (!busy.TryGetValue(officer.Id, out var taken)) busy[officer.Id] = taken = [];
        taken.Add((from, until));
        return officer;
    }

    private void Ahead(Walk walk, bool free, double draw)
    {
        var days = (walk.StartsAt - now).TotalDays;
        if (draw < 0.03)
        {
            walk.Cancel("officer-unavailable");
            Facts.Add(new WalkCancelled(walk.Id, "officer-unavailable"));
            return;
        }
        // The nearer, the fuller; one place stays free where it is promised.
        var wanted = days < 3 ? walk.Capacity : days < 10 ? random.Next(walk.Capacity + 1) : random.Next(2);
        for (var places = free ? Math.Min(1, walk.Capacity - 1) : wanted; walk.Taken < places;) Book(walk, 1);
    }

    private void Past(Walk walk, double draw)
    {
        var bookings = new List<Booking>();
        var wanted = 1 + random.Next(walk.Capacity);
        while (walk.Taken < wanted) bookings.Add(Book(walk, walk.Capacity - walk.Taken > 1 && random.Next(5) == 0 ? 2 : 1));
        if (random.Next(12) == 0) Lapse(walk);
        if (random.Next(9) == 0) GiveBack(walk, bookings);

        var coming = bookings.Where(b => b.State == BookingState.Confirmed).ToList();
        if (draw < 0.035) CallOff(walk, coming, draw < 0.015 ? "weather" : draw < 0.03 ? "officer-unavailable" : "safety");
        else if (draw < 0.04) NobodyCame(walk, coming);
        else if (draw < 0.045) WrongWords(walk, coming);
        else if (coming.Count > 0) Walked(walk, coming);
        else CallOff(walk, [], "other");
    }

    private void Walked(Walk walk, List<Booking> coming)
    {
        // Somebody stays away now and then, and she owes nobody a reason; the walk goes on with the others.
        var absent = coming.Count > 1 && random.Next(6) == 0 ? coming[random.Next(coming.Count)] : null;
        var unproved = random.Next(30) == 0 ? coming.First(b => b != absent) : null;
        foreach (var booking in coming.Where(b => b != absent && b != unproved))
        {
            if (random.Next(15) == 0) booking.Hear(right: false, walk, walk.StartsAt.AddMinutes(-2));
            booking.Hear(right: true, walk, walk.StartsAt);
            Facts.Add(new BookingMet(booking.Id, walk.Id));
        }
        var (_, verified, overridden) = walk.Start(coming, absent is null ? [] : [absent.Id], unproved is null ? null : "Her telephone was flat; she knew the booking's time and people.",
            alarmOpen: false, walk.StartsAt.AddMinutes(3));
        Facts.Add(new WalkStarted(walk.Id, verified, overridden));
        var (_, attended) = walk.End(coming, walk.EndsAt.AddMinutes(3));
        Facts.Add(new WalkEnded(walk.Id, attended));
    }

    private void CallOff(Walk walk, List<Booking> coming, string reason)
    {
        walk.Cancel(reason);
        foreach (var booking in coming)
        {
            (booking.State, booking.CancelReason) = (BookingState.CancelledByForce, reason);
            Facts.Add(new BookingCancelled(booking.Id, walk.Id, "force", reason));
        }
        Facts.Add(new WalkCancelled(walk.Id, reason));
    }

    /// <summary>The force's own failure, kept under its own name.</summary>
    private void NobodyCame(Walk walk, List<Booking> coming)
    {
        CallOff(walk, coming, "officer-unavailable");
        foreach (var booking in coming) booking.State = BookingState.NoShowOfficer;
    }

    /// <summary>Three misses: the alarm went out, was taken within minutes, and the walk was called off.</summary>
    private void WrongWords(Walk walk, List<Booking> coming)
    {
        if (coming.Count > 0)
        {
            var booking = coming[0];
            for (var i = 0; i < MeetingWords.Tries; i++) booking.Hear(right: false, walk, walk.StartsAt);
            Facts.Add(new MeetingMismatched(walk.Id, booking.Id));
            var alert = new Alert { Id = NewId(), Kind = AlertKind.Mismatch, WalkId = walk.Id, BookingId = booking.Id, RaisedAt = walk.StartsAt.AddMinutes(1) };
            alert.Acknowledge("demo-coordinator", walk.StartsAt.AddMinutes(4));
            alert.Resolve(AlertOutcome.Well, "Both were found at the meeting point. The words had been mixed up.", "demo-coordinator", walk.StartsAt.AddMinutes(20));
            Alerts.Add(alert);
        }
        CallOff(walk, coming, "safety");
    }

    /// <summary>Held, contact given, code sent and typed: the way every booking comes.</summary>
    private Booking Book(Walk walk, int people)
    {
        var at = walk.StartsAt.AddHours(-4 - random.Next(24 * 12));
        if (at > now) at = now.AddHours(-1);
        var booking = Hold(walk, people, at);
        booking.SendCode("000000", at);
        booking.Confirm("000000", null, at);
        walk.Taken += people;
        Facts.Add(new BookingConfirmed(booking.Id, walk.Id, people));
        return booking;
    }

    private void Lapse(Walk walk) => Hold(walk, 1, walk.StartsAt.AddDays(-2)).State = BookingState.Expired;

    private Booking Hold(Walk walk, int people, DateTimeOffset at)
    {
        var booking = new Booking { Id = NewId(), PersonId = NewId(), WalkId = walk.Id, People = people, HoldUntil = at.AddMinutes(10) };
        Bookings.Add(booking);
        return booking;
    }

    private void GiveBack(Walk walk, List<Booking> bookings)
    {
        var booking = bookings[random.Next(bookings.Count)];
        var reason = random.Next(3) switch { 0 => "none", 1 => "time", _ => "unwell" };
        if (booking.Cancel(walk, reason, walk.StartsAt.AddHours(-3)) is not null) return;
        walk.Taken -= booking.People;
        Facts.Add(new BookingCancelled(booking.Id, walk.Id, "participant", reason));
    }

    private Guid NewId()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
