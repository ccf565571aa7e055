using System.Text.Json;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Disclosure;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Figures;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Reporting.Releases;

/// <summary>What may be said in public of the facts, and when: the rules of D8 laid over every figure of a release.</summary>
internal static class ReleaseRules
{
    /// <summary>Changes whenever a rule does, so that two releases can be told to be comparable.</summary>
    public const string Version = "D8/1";

    private static readonly string[] Bands = ["day", "dusk", "dark", "late"];
    private static readonly Refusal NotYet = new("too-early", 409, "That quarter may not be published yet", Field: "quarter");

    /// <summary>A quarter is told of when it is over and its lag has passed.</summary>
    public static Refusal? TooEarly(Quarter quarter, DateOnly today, Thresholds thresholds) =>
        quarter.LastDay.AddDays(thresholds.ReleaseLagDays) is var first && today < first
            ? NotYet with { Detail = $"It may be published from {first:yyyy-MM-dd}." }
            : null;

    public static ReleaseData Disclose(ReleaseFacts facts, ForcePack pack)
    {
        var thresholds = Of(pack);
        var (name, year) = (facts.Quarter.ToString(), Quarters.YearTo(facts.Quarter));
        var decided = facts.Concerns.Where(c => c.Triaged).ToList();
        var lit = facts.Concerns.Where(c => Bands.Contains(c.LightBand)).ToList();
        var walks = facts.Walks;

        return new ReleaseData(
            pack.Id, name, facts.Quarter.LastDay,
            new Headline(
                year[0].FirstDay, facts.Quarter.LastDay, People(decided, thresholds),
                Percent(decided, c => c.ClaimedDone, thresholds),
                Percent(decided, c => c.ConfirmedDone, thresholds),
                Percent(decided, c => c.Refused, thresholds)),
            [
                new("told", People(facts.Concerns, thresholds)),
                new("owner-named", People(decided, thresholds)),
                new("action-agreed", People(facts.Concerns.Where(c => c.InAction), thresholds)),
                new("we-say-done", People(facts.Concerns.Where(c => c.ClaimedDone), thresholds)),
                new("women-say-done", People(facts.Concerns.Where(c => c.ConfirmedDone), thresholds)),
            ],
            Shares(band => Figures(walks.Where(w => w.LightBand == band).Sum(w => w.Kept), walks.Sum(w => w.Kept))),
            Shares(band => Percent(lit, c => c.LightBand == band, thresholds)),
            Figures(walks.Sum(w => w.Verified), walks.Sum(w => w.Started)),
            new Coverage(walks.Where(w => w.Ended > 0 && w.Quarter == name && w.WardCode is { } code && pack.FindWard(code) is not null).Select(w => w.WardCode).Distinct().Count(), pack.Wards.Count),
            ByWardAndLight(facts.Concerns, pack, thresholds));

        int? Figures(int part, int whole) => Disclosure.Figures.Percentage(part, whole, thresholds).Value;
    }

    /// <summary>The thresholds as the rules take them.</summary>
    public static Thresholds Of(ForcePack pack) => new()
    {
        MinimumCount = pack.Disclosure.MinimumCount,
        MinimumWithCharacteristic = pack.Disclosure.MinimumWithCharacteristic,
        RoundTo = pack.Disclosure.RoundTo,
        MinimumDenominator = pack.Disclosure.MinimumDenominator,
        MinimumForMean = pack.Disclosure.MinimumForMean,
        MaximumShareOfOne = pack.Disclosure.MaximumShareOfOne,
        MinimumContributorsAtPoint = pack.Disclosure.MinimumContributorsAtPoint,
        MinimumAddressesAtPoint = pack.Disclosure.MinimumAddressesAtPoint,
        ReleaseLagDays = pack.Disclosure.ReleaseLagDays,
        MinimumAudits = pack.Disclosure.MinimumAudits,
        MinimumAuditors = pack.Disclosure.MinimumAuditors,
        MinimumTeamOfficers = pack.Disclosure.MinimumTeamOfficers,
        MinimumTeamWalks = pack.Disclosure.MinimumTeamWalks,
    };

    /// <summary>The thresholds as a manifest names them.</summary>
    public static IReadOnlyDictionary<string, int> Written(Thresholds thresholds) =>
        JsonSerializer.Deserialize<SortedDictionary<string, int>>(JsonSerializer.Serialize(thresholds, JsonSerializerOptions.Web))!;

    private static ConcernTable ByWardAndLight(IReadOnlyList<ConcernFact> concerns, ForcePack pack, Thresholds thresholds)
    {
        var here = concerns.Where(c => c.InQuarter).ToLookup(c => (c.WardCode, Array.IndexOf(Bands, c.LightBand)));
        var published = CountTable.Publish(
            [.. pack.Wards.Select(ward => (IReadOnlyList<Tally>)[.. Enumerable.Range(0, 5).Select(i => TallyOf(here[(ward.Code, i < 4 ? i : -1)], thresholds))])],
            TableKind.PlaceByQuarter, thresholds);

        return new(
            [.. pack.Wards.Select((ward, i) => Row(ward.Code, published.Cells[i], published.RowTotals[i]))],
            Row(null, published.ColumnTotals, published.Total));

        static ConcernTableRow Row(string? ward, IReadOnlyList<Cell> cells, Cell all) =>
            new(ward, Public(cells[0]), Public(cells[1]), Public(cells[2]), Public(cells[3]), Public(cells[4]), Public(all));
    }

    /// <summary>Counts people. Where one of them gave more than her share of the reports, the whole count is about her.</summary>
    private static Tally TallyOf(IEnumerable<ConcernFact> concerns, Thresholds thresholds)
    {
        var perPerson = concerns.GroupBy(c => c.Contributor).Select(g => g.Count()).ToList();
        var dominated = perPerson.Count > 0 && 100L * perPerson.Max() > (long)thresholds.MaximumShareOfOne * perPerson.Sum();
        return new Tally(perPerson.Count, dominated ? perPerson.Count : Math.Min(1, perPerson.Count));
    }

    private static PublishedCount People(IEnumerable<ConcernFact> concerns, Thresholds thresholds) =>
        Public(CountTable.PublishRow([TallyOf(concerns, thresholds)], TableKind.Breakdown, thresholds).Cells[0]);

    /// <summary>Per cent of concerns (D7), given only when enough people stand on either side of it.</summary>
    private static int? Percent(List<ConcernFact> whole, Func<ConcernFact, bool> part, Thresholds thresholds)
    {
        var enough = PeopleIn(whole) >= thresholds.MinimumDenominator
            && PeopleIn(whole.Where(part)) >= thresholds.MinimumCount
            && PeopleIn(whole.Where(c => !part(c))) >= thresholds.MinimumCount;
        return enough ? Disclosure.Figures.Percentage(whole.Count(part), whole.Count, thresholds).Value : null;

        static int PeopleIn(IEnumerable<ConcernFact> concerns) => concerns.Select(c => c.Contributor).Distinct().Count();
    }

    private static LightShares Shares(Func<string, int?> of) => new(of("day"), of("dusk"), of("dark"), of("late"));

    private static PublishedCount Public(Cell cell) => new(cell.Value);
}
