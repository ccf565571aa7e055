using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;

namespace WalkTalk.Booking;

/// <summary>
/// The force's zone as a calendar needs it (VTIMEZONE): every change of the clock from the year before the first walk to the year after the last, as this host's
/// <see cref="TimeZoneInfo"/> has it, so that file and service never disagree. Ical.Net's own reaches to the host's clock only, and brings zone data of its own.
/// </summary>
internal static class CalendarZone
{
    private sealed record Change(DateTime At, TimeSpan From, TimeSpan To, bool Summer)
    {
        /// <summary>By the clock before it: how RFC 5545 says when a change is.</summary>
        public DateTime Wall => DateTime.SpecifyKind(At + From, DateTimeKind.Unspecified);

        private bool IsLast => Wall.AddDays(7).Month != Wall.Month;

        /// <summary>"The last Sunday in March", or its n-th.</summary>
        public string Rule(bool last) => $"FREQ=YEARLY;BYMONTH={Wall.Month};BYDAY={(last ? -1 : (Wall.Day + 6) / 7)}{Wall.DayOfWeek.ToString()[..2].ToUpperInvariant()}";

        /// <summary>What is the same every year is one rule; null where it is not.</summary>
        public static string? Rule(IReadOnlyList<Change> all, int years)
        {
            if (all.Count != years || all.Any(c => c.Wall.TimeOfDay != all[0].Wall.TimeOfDay)) return null;
            var last = all.All(c => c.IsLast);
            var rules = all.Select(c => c.Rule(last)).Distinct().ToList();
            return rules.Count == 1 ? rules[0] : null;
        }
    }

    /// <summary>A clock time of the walk's comes twice that day.</summary>
    public static bool IsTwice(Walk walk)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(walk.Zone);
        return zone.IsAmbiguousTime(walk.Local(walk.StartsAt).DateTime) || zone.IsAmbiguousTime(walk.Local(walk.EndsAt).DateTime);
    }

    /// <summary>Each zone that the walks' times are said in, once.</summary>
    public static IEnumerable<VTimeZone> Of(IEnumerable<Walk> walks) =>
        walks.Where(w => !IsTwice(w)).GroupBy(w => w.Zone).Select(g => Of(TimeZoneInfo.FindSystemTimeZoneById(g.Key), g.Key, g.Min(w => w.StartsAt).UtcDateTime.Year - 1, g.Max(w => w.EndsAt).UtcDateTime.Year + 1));

    internal static VTimeZone Of(TimeZoneInfo zone, string name, int from, int until)
    {
        var component = new VTimeZone(name);
        var start = new DateTime(from, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        var changes = Changes(zone, start, new DateTime(until + 1, 1, 1, 0, 0, 0, DateTimeKind.Utc)).ToList();
        if (changes.Count == 0 || changes[0].Wall.Year > from)
            changes.Insert(0, new(start, zone.GetUtcOffset(start), zone.GetUtcOffset(start), zone.IsDaylightSavingTime(start)));
        foreach (var alike in changes.GroupBy(c => (c.From, c.To, c.Summer)))
        {
            var all = alike.ToList();
            var rule = Change.Rule(all, until - from + 1);
            // Not as RDATEs of one: there are programs that forget the first then.
            foreach (var change in rule is null ? all : all.Take(1))
            {
                var onset = new VTimeZoneInfo(change.Summer ? "DAYLIGHT" : "STANDARD")
                {
                    Start = new CalDateTime(change.Wall), OffsetFrom = new UtcOffset(change.From), OffsetTo = new UtcOffset(change.To),
                };
                if (rule is not null) onset.RecurrenceRule = new RecurrencePattern(rule);
                component.AddChild(onset);
            }
        }
        return component;
    }

    /// <summary>A week at a time, then to the second: no zone changes twice within a week.</summary>
    private static IEnumerable<Change> Changes(TimeZoneInfo zone, DateTime from, DateTime until)
    {
        for (var (at, next) = (from, from.AddDays(7)); at < until; (at, next) = (next, next.AddDays(7)))
        {
            var (before, after) = (zone.GetUtcOffset(at), zone.GetUtcOffset(next));
            if (before == after) continue;
            var (low, high) = (at, next);
            while (high - low > TimeSpan.FromSeconds(1))
            {
                var middle = low + TimeSpan.FromSeconds((int)((high - low).TotalSeconds / 2));
                if (zone.GetUtcOffset(middle) == before) low = middle;
                else high = middle;
            }
            if (high < until) yield return new(high, before, after, zone.IsDaylightSavingTime(high));
        }
    }
}
