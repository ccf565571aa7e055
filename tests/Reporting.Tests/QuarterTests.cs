using WalkTalk.Reporting.Figures;

namespace WalkTalk.Reporting.Tests;

public sealed class QuarterTests
{
    [Theory]
    [InlineData("2026-01-01", "2026Q1")]
    [InlineData("2026-03-31", "2026Q1")]
    [InlineData("2026-10-01", "2026Q4")]
    [InlineData("2026-12-31", "2026Q4")]
    public void A_day_is_in_its_quarter(string day, string quarter) => Assert.Equal(quarter, Quarter.Of(DateOnly.Parse(day)).ToString());

    [Fact]
    public void A_walk_just_after_midnight_local_time_belongs_to_the_local_quarter()
    {
        var london = TimeZoneInfo.FindSystemTimeZoneById("Europe/London");
        Assert.Equal("2026Q3", Quarter.Of(new DateTimeOffset(2026, 6, 30, 23, 30, 0, TimeSpan.Zero), london).ToString());
    }

    [Fact]
    public void A_year_ends_with_its_quarter() =>
        Assert.Equal(["2025Q4", "2026Q1", "2026Q2", "2026Q3"], new Quarter(2026, 3).Year4().Select(q => q.ToString()));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("2026")]
    [InlineData("2026Q5")]
    [InlineData("2026q1")]
    [InlineData("202６Q1")]
    [InlineData("0000Q1")]
    [InlineData("2026Q1 ")]
    public void Anything_else_is_no_quarter(string? text) => Assert.False(Quarter.TryParse(text, out _));

    [Fact]
    public void What_is_written_is_read_again()
    {
        Assert.True(Quarter.TryParse("2026Q3", out var quarter));
        Assert.Equal(("2026Q3", new DateOnly(2026, 7, 1), new DateOnly(2026, 9, 30)), (quarter.ToString(), quarter.FirstDay, quarter.LastDay));
    }
}
