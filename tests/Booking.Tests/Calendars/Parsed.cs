using System.Globalization;
using Jint;

namespace WalkTalk.Booking.Tests.Calendars;

/// <summary>An entry as a calendar reads it.</summary>
public sealed record ParsedEntry(string Uid, int Sequence, DateTimeOffset Start, DateTimeOffset End, DateTimeOffset Stamp, string Summary, string Location, string Status);

/// <summary>
/// A calendar file as two parsers that know nothing of each other read it: Ical.Net, which takes a zone by its name from data of its own, and ical.js, which is
/// Thunderbird's and takes it from the file's VTIMEZONE.
/// </summary>
public sealed record Parsed(string Method, IReadOnlyList<ParsedEntry> Entries)
{
    private static readonly Prepared<Acornima.Ast.Script> IcalJs = Engine.PrepareScript(new StreamReader(typeof(Parsed).Assembly.GetManifestResourceStream("ical.js")!).ReadToEnd());

    /// <summary>What both say; they have to agree.</summary>
    public static Parsed Of(string file)
    {
        var (one, other) = (ByIcalNet(file), ByIcalJs(file));
        Assert.Equal(one.Method, other.Method);
        Assert.Equal(one.Entries, other.Entries);
        return one;
    }

    private static Parsed ByIcalNet(string file)
    {
        var calendar = Ical.Net.Calendar.Load(file)!;
        return new(calendar.Method!, [.. calendar.Events.Select(e => new ParsedEntry(e.Uid!, e.Sequence, e.Start!.AsUtc, e.End!.AsUtc, e.DtStamp!.AsUtc, e.Summary!, e.Location!, e.Status!))]);
    }

    private static Parsed ByIcalJs(string file)
    {
        var engine = new Engine().Execute(IcalJs).SetValue("file", file);
        var lines = engine.Evaluate("""
            var calendar = new ICAL.Component(ICAL.parse(file));
            calendar.getAllSubcomponents('vtimezone').forEach(function (z) { ICAL.TimezoneService.register(new ICAL.Timezone(z)); });
            [calendar.getFirstPropertyValue('method')].concat(calendar.getAllSubcomponents('vevent').map(function (c) {
              var e = new ICAL.Event(c);
              return JSON.stringify([e.uid, e.sequence, e.startDate.toJSDate().toISOString(), e.endDate.toJSDate().toISOString(),
                c.getFirstPropertyValue('dtstamp').toJSDate().toISOString(), e.summary, e.location, c.getFirstPropertyValue('status')]);
            }));
            """).AsArray().Select(v => v.AsString()).ToList();
        return new(lines[0], [.. lines.Skip(1).Select(line =>
        {
            var at = System.Text.Json.Nodes.JsonNode.Parse(line)!.AsArray();
            DateTimeOffset Instant(int i) => DateTimeOffset.Parse(at[i]!.GetValue<string>(), CultureInfo.InvariantCulture);
            return new ParsedEntry(at[0]!.GetValue<string>(), at[1]!.GetValue<int>(), Instant(2), Instant(3), Instant(4), at[5]!.GetValue<string>(), at[6]!.GetValue<string>(), at[7]!.GetValue<string>());
        })]);
    }
}
