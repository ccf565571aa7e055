using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Feedback;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Data;

namespace WalkTalk.Bench.Simulation;

// The facts that Reporting's own projections live on, and what its rows must be after all of them.
internal sealed partial class Work
{
    private static readonly DateOnly Today = new(2026, 11, 24);
    private readonly HashSet<(Type, Guid)> once = [];
    private readonly Dictionary<string, Guid[]> things = World.Forces.ToDictionary(f => f, _ => Enumerable.Range(0, 2).Select(_ => run.Ids.New()).ToArray());

    private Act Report()
    {
        var act = NewAct();
        for (var facts = 1 + run.Any(5); facts > 0; facts--)
        {
            var thing = things[act.Force][run.Any(2)];
            object fact = run.Any(15) switch
            {
                0 when act.Force == World.Forces[0] => new WalkPublished(thing, "E05011095", new DateTimeOffset(Today.AddDays(run.Any(90)), new TimeOnly(18, 0), TimeSpan.Zero), default, "dark", 8),
                1 => new WalkStarted(thing, run.Any(5), run.Any(3)),
                2 => new WalkEnded(thing, run.Any(9)),
                3 => new WalkCancelled(thing, "weather"),
                4 => new BookingConfirmed(thing, thing, 1),
                5 => new BookingCancelled(thing, thing, "force", "weather"),
                6 => new BookingMet(thing, thing),
                7 => new ConcernReceived(thing, thing, "E05011095", "E09000028", "lighting", "dark", "2026Q4"),
                8 => new ConcernTriaged(thing, "council", $"202{6 + run.Any(2)}Q{1 + run.Any(4)}", Day(), run.Any(3) switch { 0 => null, 1 => true, _ => false }),
                9 => new ActionAgreed(run.Ids.New(), things[act.Force], "lamp", run.Any(3) > 0, "council", Today, run.Any(3) > 0 || act.Force != World.Forces[0] ? Day() : null),
                10 => new ConcernClaimedDone(thing, Day()),
                11 => new ConcernConfirmedDone(thing, Day()),
                12 => new ConcernDisputed(thing, Day()),
                13 => new ConcernEndedNoAction(thing, "none", Today, Day()),
                _ => new ConcernRemoved(thing, "withdrawn"),
            };
            // What sets its columns is told once of a thing, as its owner does.
            if (fact is not (WalkPublished or WalkStarted or WalkEnded or ConcernReceived) || once.Add((fact.GetType(), thing)))
            {
                act.Messages.Add(fact);
            }
        }

        return act;

        DateOnly Day() => Today.AddDays(run.Any(30) - 15);
    }

    private void CheckReporting(IEnumerable<Act> accepted)
    {
        var facts = accepted.SelectMany(a => a.Messages.Select(m => (a.Force, Fact: m))).ToList();
        IEnumerable<T> Of<T>() => facts.Select(f => f.Fact).OfType<T>();
        var published = run.World.Parts["owner"].Store.Read("SELECT body, created_at FROM outbox WHERE name = 'action-agreed'",
            r => (Id: System.Text.Json.JsonDocument.Parse(r.GetString(0)).RootElement.GetProperty("actionId").GetGuid(), At: new DateTimeOffset(r.GetInt64(1), TimeSpan.Zero))).ToLookup(r => r.Id, r => r.At);
        using var scope = run.World.Services.CreateScope();
        var (db, pack) = (scope.ServiceProvider.GetRequiredService<ReportingDb>(), run.World.Services.GetRequiredService<ForcePackCatalogue>().Get(World.Forces[0]));

        Compare("walk", db.Walks.IgnoreQueryFilters().AsNoTracking().AsEnumerable().Select(w => $"{w.Id} {w.ForceId} {w.Quarter} {w.WardCode} {w.BoroughCode} {w.LightBand} {w.Cancelled} {w.Started} {w.Ended} {w.Verified} {w.Attended}"),
            from fact in facts
            let id = fact.Fact switch { WalkPublished f => f.WalkId, WalkStarted f => f.WalkId, WalkEnded f => f.WalkId, WalkCancelled f => f.WalkId, _ => Guid.Empty }
            where id != Guid.Empty
            group id by (id, fact.Force) into walk
            let told = Of<WalkPublished>().FirstOrDefault(f => f.WalkId == walk.Key.id)
            let started = Of<WalkStarted>().FirstOrDefault(f => f.WalkId == walk.Key.id)
            let ended = Of<WalkEnded>().FirstOrDefault(f => f.WalkId == walk.Key.id)
            select $"{walk.Key.id} {walk.Key.Force} {(told is null ? "" : AttendanceToken.QuarterOf(DateOnly.FromDateTime(told.StartsAt.UtcDateTime)))} {told?.WardCode} {(told is null ? "" : pack.FindWard(told.WardCode)?.BoroughCode)} {told?.LightBand} "
                + $"{Of<WalkCancelled>().Any(f => f.WalkId == walk.Key.id)} {started is not null} {ended is not null} {started?.Verified ?? 0} {ended?.Attended ?? 0}");

        Compare("booking", db.Bookings.IgnoreQueryFilters().AsNoTracking().AsEnumerable().Select(b => $"{b.Id} {b.ForceId} {b.WalkId} {b.Confirmed} {b.Cancelled} {b.Met}"),
            from fact in facts
            let id = fact.Fact switch { BookingConfirmed f => f.BookingId, BookingCancelled f => f.BookingId, BookingMet f => f.BookingId, _ => Guid.Empty }
            where id != Guid.Empty
            group id by (id, fact.Force) into booking
            select $"{booking.Key.id} {booking.Key.Force} {booking.Key.id} {Of<BookingConfirmed>().Any(f => f.BookingId == booking.Key.id)} {Of<BookingCancelled>().Any(f => f.BookingId == booking.Key.id)} {Of<BookingMet>().Any(f => f.BookingId == booking.Key.id)}");

        Compare("concern", db.Concerns.IgnoreQueryFilters().AsNoTracking().AsEnumerable().Select(c =>
                $"{c.Id} {c.ForceId} {c.Contributor} {c.Quarter} {c.WardCode} {c.BoroughCode} {c.Category} {c.LightBand} {c.Removed} {c.TriagedQuarter} {D(c.ActionOn)} {D(c.ClaimedOn)} {D(c.ConfirmedOn)} {D(c.DisputedOn)} {D(c.NoActionOn)} {D(c.TriagedOn)} {c.TriagedInTime} {D(c.LastNoActionOn)} {D(c.LastStepOn)}"),
            from fact in facts
            from id in fact.Fact switch
            {
                ConcernReceived f => [f.ConcernId], ConcernTriaged f => [f.ConcernId], ActionAgreed f => f.ConcernIds, ConcernClaimedDone f => [f.ConcernId],
                ConcernConfirmedDone f => [f.ConcernId], ConcernDisputed f => [f.ConcernId], ConcernEndedNoAction f => [f.ConcernId], ConcernRemoved f => [f.ConcernId], _ => (IReadOnlyList<Guid>)[],
            }
            group id by (id, fact.Force) into concern
            let told = Of<ConcernReceived>().FirstOrDefault(f => f.ConcernId == concern.Key.id)
            let triaged = Of<ConcernTriaged>().Where(f => f.ConcernId == concern.Key.id).ToList()
            let inTime = triaged.Where(f => f.InTime is not null).ToList()
            let refused = Of<ConcernEndedNoAction>().Where(f => f.ConcernId == concern.Key.id).Select(f => f.On!.Value).ToList()
            let claimed = Of<ConcernClaimedDone>().Where(f => f.ConcernId == concern.Key.id).Select(f => f.On).ToList()
            let agreed = Of<ActionAgreed>().Where(f => f.Counted && f.ConcernIds.Contains(concern.Key.id)).Select(f => f.On ?? DateOnly.FromDateTime(published[f.ActionId].First().UtcDateTime))
            select $"{concern.Key.id} {concern.Key.Force} {told?.Contributor} {told?.Quarter} {told?.WardCode} {told?.BoroughCode} {told?.Category} {told?.LightBand} {Of<ConcernRemoved>().Any(f => f.ConcernId == concern.Key.id)} "
                + $"{triaged.Select(f => f.Quarter).Min(StringComparer.Ordinal)} {D(First(agreed))} "
                + $"{D(First(claimed))} {D(Last(Of<ConcernConfirmedDone>().Where(f => f.ConcernId == concern.Key.id).Select(f => f.On)))} "
                + $"{D(Last(Of<ConcernDisputed>().Where(f => f.ConcernId == concern.Key.id).Select(f => f.On)))} {D(First(refused))} "
                + $"{D(First(triaged.Select(f => f.On!.Value)))} {(inTime.Count == 0 ? null : (bool?)inTime.TrueForAll(f => f.InTime == true))} {D(Last(refused))} {D(Last(triaged.Select(f => f.On!.Value).Concat(agreed).Concat(claimed)))}");

        static DateOnly? First(IEnumerable<DateOnly> days) => days.Select(d => (DateOnly?)d).Min();
        static DateOnly? Last(IEnumerable<DateOnly> days) => days.Select(d => (DateOnly?)d).Max();
        static string D(DateOnly? day) => day?.ToString("O", CultureInfo.InvariantCulture) ?? "";
    }

    private void Compare(string what, IEnumerable<string> rows, IEnumerable<string> expected)
    {
        var (there, wanted) = (rows.Order(StringComparer.Ordinal).ToList(), expected.Order(StringComparer.Ordinal).ToList());
        run.Expect(there.SequenceEqual(wanted), $"Reporting's rows of a {what} are not what its facts add up to: {there.Except(wanted).FirstOrDefault() ?? "none"} instead of {wanted.Except(there).FirstOrDefault() ?? "none"}");
    }
}
