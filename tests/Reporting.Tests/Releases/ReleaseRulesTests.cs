using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Disclosure;
using WalkTalk.ForcePacks;
using WalkTalk.Reporting.Releases;

namespace WalkTalk.Reporting.Tests.Releases;

/// <summary>What a release may say, on counts small enough to check by hand.</summary>
public sealed class ReleaseRulesTests
{
    private static readonly ForcePack Pack = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan");
    private static readonly Quarter Third = new(2026, 3);

    [Fact]
    public void Few_people_in_a_cell_are_withheld_and_so_is_what_would_give_them_away()
    {
        var table = Disclose([.. People(3, light: "day"), .. People(7, light: "dusk"), .. People(12, light: "dark")]).ConcernsByWard;
        var row = table.Rows.Single(r => r.WardCode == Some.BrixtonWindrush);

        Assert.Equal("c", row.Day.ToString());
        Assert.True(row.Dusk.Value is null || row.Dark.Value is null || row.All.Value is null); // one hidden cell alone is its total less the others
        Assert.Equal("0", row.Late.ToString());
        Assert.All(table.Rows.Where(r => r.WardCode != Some.BrixtonWindrush), r => Assert.Equal("0", r.All.ToString()));
        Assert.All(table.Rows.Append(table.Total), r => Assert.All(new[] { r.Day, r.Dusk, r.Dark, r.Late, r.NotSaid, r.All }, c => Assert.True(c.Value is null || c.Value % 5 == 0)));
    }

    [Fact]
    public void People_are_counted_not_reports()
    {
        var one = Guid.NewGuid();
        var facts = People(9, light: "dark").Concat(Enumerable.Repeat(Fact("dark") with { Contributor = one }, 2)).ToList();

        Assert.Equal(10, Row(Disclose(facts)).Dark.Value); // eleven reports, ten people
    }

    [Fact]
    public void A_count_that_one_person_dominates_is_withheld()
    {
        var one = Guid.NewGuid();
        var facts = People(9, light: "dark").Concat(Enumerable.Repeat(Fact("dark") with { Contributor = one }, 10)).ToList();

        Assert.Null(Row(Disclose(facts)).Dark.Value);
    }

    [Fact]
    public void The_claim_gap_is_given_in_fives_when_enough_people_stand_on_every_side()
    {
        // 40 decided: 22 claimed (55 %), 15 of them confirmed (37.5 % -> 40 %), 6 refused (15 %).
        var headline = Disclose([.. Decided(15, claimed: true, confirmed: true), .. Decided(7, claimed: true), .. Decided(6, refused: true), .. Decided(12)]).Headline;

        Assert.Equal((55, 40, 15, 15), (headline.WeSay, headline.WomenSay, headline.Gap, headline.Refused));
        Assert.Equal(40, headline.Decided.Value);
        Assert.Equal((new DateOnly(2025, 10, 1), new DateOnly(2026, 9, 30)), (headline.From, headline.To));
    }

    [Theory]
    [InlineData(24, 10)] // too few decided
    [InlineData(30, 4)] // too few claimed
    [InlineData(30, 26)] // too few left
    public void A_percentage_of_few_is_not_given(int decided, int claimed)
    {
        var headline = Disclose([.. Decided(claimed, claimed: true), .. Decided(decided - claimed)]).Headline;
        Assert.Null(headline.WeSay);
        Assert.Null(headline.Gap);
    }

    [Fact]
    public void Many_reports_of_few_people_give_no_percentage()
    {
        var few = Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToArray();
        var facts = Enumerable.Range(0, 60).Select(i => Fact("dark") with { Contributor = few[i % 6], Triaged = true, ClaimedDone = i % 2 == 0 });
        Assert.Null(Disclose([.. facts]).Headline.WeSay);
    }

    [Fact]
    public void What_was_received_in_other_quarters_is_in_the_year_but_not_in_the_table()
    {
        var data = Disclose([.. People(20, light: "dark").Select(f => f with { InQuarter = false })]);
        Assert.Equal(0, data.ConcernsByWard.Total.All.Value);
        Assert.Equal(20, data.Funnel.Single(s => s.Step == "told").Contributors.Value);
    }

    [Fact]
    public void A_quarter_may_be_published_thirty_days_after_its_end()
    {
        var thresholds = ReleaseRules.Of(Pack);
        Assert.Equal("too-early", ReleaseRules.TooEarly(Third, new(2026, 10, 29), thresholds)?.Type);
        Assert.Null(ReleaseRules.TooEarly(Third, new(2026, 10, 30), thresholds));
    }

    [Fact]
    public void The_same_figures_are_the_same_bytes_and_every_value_of_them_is_in_the_table()
    {
        var data = Disclose([.. People(30, light: "late")]);
        Assert.Equal(ReleaseFiles.Sha256(ReleaseFiles.Json(data)), ReleaseFiles.Sha256(ReleaseFiles.Json(ReleaseFiles.Read<ReleaseData>(ReleaseFiles.Json(data)))));

        var lines = ReleaseFiles.Csv(data).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("table,place,light,measure,value", lines[0]);
        Assert.All(lines, line => Assert.Equal(5, line.Split(',').Length));
        Assert.Contains($"concerns-by-ward,{Some.BrixtonWindrush},late,contributors,30", lines);
        Assert.Contains("headline,metropolitan,,we-say-percent,c", lines);
    }

    private static ReleaseData Disclose(IReadOnlyList<ConcernFact> concerns) => ReleaseRules.Disclose(new(Third, concerns, []), Pack);

    private static ConcernTableRow Row(ReleaseData data) => data.ConcernsByWard.Rows.Single(r => r.WardCode == Some.BrixtonWindrush);

    private static ConcernFact Fact(string light) => new(Guid.NewGuid(), true, Some.BrixtonWindrush, light, false, false, false, false, false);

    private static IEnumerable<ConcernFact> People(int count, string light) => Enumerable.Range(0, count).Select(_ => Fact(light));

    private static IEnumerable<ConcernFact> Decided(int count, bool claimed = false, bool confirmed = false, bool refused = false) =>
        People(count, "dark").Select(f => f with { Triaged = true, InAction = claimed, ClaimedDone = claimed, ConfirmedDone = confirmed, Refused = refused });
}
