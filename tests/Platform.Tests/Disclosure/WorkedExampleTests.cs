using System.Text.Json;
using WalkTalk.Disclosure;

namespace WalkTalk.Platform.Tests.Disclosure;

public sealed class WorkedExampleTests
{
    private static readonly Thresholds Floor = new();

    [Theory]
    [InlineData(TableKind.PlaceByQuarter, "3 7 12 0", "c c 10 0 | 20")]
    [InlineData(TableKind.PlaceByQuarter, "1 30 30", "c c 30 | 60")]
    [InlineData(TableKind.Characteristic, "9 14 60", "c c 60 | 85")]
    [InlineData(TableKind.PlaceByQuarter, "5 8 12 13", "5 10 10 15 | 40")]
    [InlineData(TableKind.PlaceByQuarter, "0 0 0", "0 0 0 | 0")]
    [InlineData(TableKind.PlaceByQuarter, "4 0 0", "c 0 0 | c")]
    [InlineData(TableKind.Breakdown, "0 30 40", "c c 40 | 70")]
    [InlineData(TableKind.Breakdown, "0 0", "c c | c")]
    [InlineData(TableKind.Characteristic, "0 20 60", "c c 60 | 80")]
    public void A_row_is_published_as_the_rules_say(TableKind kind, string counts, string published)
    {
        var row = CountTable.PublishRow([.. counts.Split(' ').Select(c => new Tally(int.Parse(c, null)))], kind, Floor);
        Assert.Equal(published, $"{string.Join(' ', row.Cells)} | {row.Total}");
    }

    [Fact]
    public void A_total_goes_too_when_it_would_bound_what_is_hidden() =>
        // Five hidden cells under a total of 5 to 7: none of them could be 4.
        Assert.True(CountTable.PublishRow([1, 1, 1, 1, 1], TableKind.PlaceByQuarter, Floor).Total.IsWithheld);

    [Fact]
    public void Hiding_goes_on_over_rows_and_columns_until_it_is_stable()
    {
        var table = CountTable.Publish([[3, 20, 30], [20, 30, 40], [30, 40, 50]], TableKind.PlaceByQuarter, Floor);
        Assert.Equal(["c c 30", "c c 40", "30 40 50"], table.Cells.Select(row => string.Join(' ', row)));
        Assert.Equal("55 90 120", string.Join(' ', table.RowTotals));
        Assert.Equal("265", table.Total.ToString());
    }

    [Fact]
    public void A_cell_that_is_mostly_one_person_is_withheld()
    {
        var row = CountTable.PublishRow([new Tally(20, OfOne: 11), 30, 40], TableKind.PlaceByQuarter, Floor);
        Assert.Equal("c c 40", string.Join(' ', row.Cells));
        Assert.Equal("20 30 40", string.Join(' ', CountTable.PublishRow([new Tally(20, OfOne: 10), 30, 40], TableKind.PlaceByQuarter, Floor).Cells));
    }

    [Fact]
    public void A_force_may_be_stricter() =>
        Assert.Equal("c c 30", string.Join(' ', CountTable.PublishRow([9, 20, 30], TableKind.PlaceByQuarter, Floor with { MinimumCount = 10 }).Cells));

    [Theory]
    [InlineData(9, 20, "c")]
    [InlineData(9, 25, "35")]
    [InlineData(1, 25, "c")]
    [InlineData(0, 25, "c")]
    [InlineData(24, 25, "c")]
    [InlineData(5, 40, "15")]
    [InlineData(20, 25, "80")]
    public void A_percentage_needs_people_on_both_sides(int part, int whole, string published) =>
        Assert.Equal(published, Figures.Percentage(part, whole, Floor).ToString());

    [Fact]
    public void A_percentage_with_a_characteristic_needs_ten_on_both_sides()
    {
        Assert.True(Figures.Percentage(9, 40, Floor, withCharacteristic: true).IsWithheld);
        Assert.Equal("25", Figures.Percentage(10, 40, Floor, withCharacteristic: true).ToString());
    }

    [Fact]
    public void A_mean_needs_eight_and_a_change_needs_both_sides()
    {
        double[] seven = [1, 2, 3, 4, 5, 6, 7], eight = [1, 2, 3, 4, 5, 6, 7, 8];
        Assert.Null(Figures.Mean(seven, Floor));
        Assert.Null(Figures.Median(seven, Floor));
        Assert.Equal(4.5, Figures.Mean(eight, Floor));
        Assert.Equal(4.5, Figures.Median(eight, Floor));
        Assert.Null(Figures.Change(Figures.Mean(seven, Floor), Figures.Mean(eight, Floor)));
        Assert.Equal(1, Figures.Change(3.5, 4.5));
    }

    [Fact]
    public void Scores_points_and_teams_need_enough_people_behind_them()
    {
        Assert.True(Figures.MayShowPlaceScore(8, 5, Floor));
        Assert.False(Figures.MayShowPlaceScore(8, 4, Floor));
        Assert.False(Figures.MayShowPlaceScore(7, 5, Floor));
        Assert.True(Figures.MayShowPoint(8, 5, Floor));
        Assert.False(Figures.MayShowPoint(7, 5, Floor));
        Assert.False(Figures.MayShowTeam(4, 10, Floor));
        Assert.False(Figures.MayShowTeam(5, 9, Floor));
    }

    [Fact]
    public void What_few_people_report_is_known_by_borough_and_year_only()
    {
        var quarter = Quarter.Of(new DateOnly(2026, 11, 22));
        var touched = PlaceAndTime.Coarsened("E09000022", "E05014098", quarter, "dark", boroughByYearOnly: true);
        Assert.Equal(("E09000022", null, 2026, null, null), (touched.BoroughCode, touched.WardCode, touched.Year, touched.Quarter, touched.LightBand));
        Assert.False(touched.MayBeReleased(new DateOnly(2027, 1, 29), Floor));
        Assert.True(touched.MayBeReleased(new DateOnly(2027, 1, 30), Floor));

        var dark = PlaceAndTime.Coarsened("E09000022", "E05014098", new Quarter(2026, 3), "dark", boroughByYearOnly: false);
        Assert.Equal("E05014098 2026Q3 dark", $"{dark.WardCode} {dark.Quarter} {dark.LightBand}");
        Assert.False(dark.MayBeReleased(new DateOnly(2026, 10, 29), Floor));
        Assert.True(dark.MayBeReleased(new DateOnly(2026, 10, 30), Floor));
    }

    [Theory]
    [InlineData("2026Q4", true)]
    [InlineData("2026Q0", false)]
    [InlineData("2026Q5", false)]
    [InlineData("26Q4", false)]
    [InlineData("-026Q4", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_quarter_is_read_as_it_is_written(string? text, bool valid)
    {
        Assert.Equal(valid, Quarter.TryParse(text, out var quarter));
        if (valid)
            Assert.Equal(text, quarter.ToString());
    }

    [Fact]
    public void On_the_wire_a_cell_is_a_number_or_c_and_a_forgotten_one_is_withheld()
    {
        var cells = CountTable.PublishRow([3, 7, 12], TableKind.PlaceByQuarter, Floor).Cells;
        var json = JsonSerializer.Serialize(cells);
        Assert.Equal("""["c","c",10]""", json);
        Assert.Equal(cells, JsonSerializer.Deserialize<Cell[]>(json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Cell>("\"3\""));
        Assert.True(default(Cell).IsWithheld);
    }

    [Fact]
    public void The_metropolitan_pack_asks_for_at_least_the_floor()
    {
        var pack = WalkTalk.ForcePacks.ForcePackCatalogue.Load(WalkTalk.ForcePacks.ForcePackCatalogue.DefaultFolder).Get("metropolitan").Disclosure;
        // Every number of the pack has its counterpart here, so that none is forgotten when a service hands them over.
        Assert.Equal(
            typeof(Thresholds).GetProperties().Select(p => p.Name).Order(),
            pack.GetType().GetProperties().Where(p => p.Name != "EqualityContract").Select(p => p.Name).Order());
    }
}
