using WalkTalk.ForcePacks;

namespace WalkTalk.Platform.Tests.ForcePacks;

public sealed class MetropolitanPackTests
{
    private static readonly ForcePackCatalogue Catalogue = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder);
    private static readonly ForcePack Pack = Catalogue.Get("metropolitan");

    [Fact]
    public void The_built_in_pack_has_the_wards_of_Lambeth_and_Southwark()
    {
        Assert.Equal(48, Pack.Wards.Count);
        Assert.Equal(25, Pack.Wards.Count(w => w.BoroughCode == "E09000022"));
        Assert.Equal(23, Pack.Wards.Count(w => w.BoroughCode == "E09000028"));
        Assert.Equal("Brixton Windrush", Pack.FindWard("E05014098")!.Name);
        Assert.Null(Pack.FindWard("E05014085"));
    }

    [Fact]
    public void It_has_25_officers_and_every_ward_has_one()
    {
        Assert.Equal(25, Pack.Officers.Count);
        Assert.All(Pack.Wards, ward => Assert.Contains(Pack.Officers, o => o.Areas.Contains(ward.Code)));
    }

    [Fact]
    public void Every_ward_has_a_lit_meeting_point() =>
        Assert.All(Pack.Wards, ward => Assert.Contains(Pack.MeetingPoints, p => p.WardCode == ward.Code && p.Lit));

    [Fact]
    public void It_has_the_whole_taxonomy_with_owner_clock_and_branch()
    {
        Assert.Equal(36, Pack.Taxonomy.Count);
        var light = Pack.FindConcern("ENV-LIGHT-OUT")!;
        Assert.Equal(("Light broken", "LA", 5, ConcernBranch.None, "ENV"), (light.Label.In("en"), light.Owner, light.SlaWorkingDays, light.Branch, light.Group));
        Assert.Equal(ConcernBranch.Standards, Pack.FindConcern("POL-CONDUCT")!.Branch);
        Assert.Equal(ConcernBranch.Disclosure, Pack.FindConcern("BEH-FOLLOW")!.Branch);
        Assert.Null(Pack.FindConcern("POS-SAFE")!.Owner);
        Assert.Equal(["BEH-EXPOSE", "BEH-SPIKE", "BEH-TOUCH", "POL-CONDUCT"], Pack.Taxonomy.Where(t => t.BoroughByYearOnly).Select(t => t.Code).Order());
    }

    [Fact]
    public void Advice_to_women_is_the_one_action_that_does_not_count() =>
        Assert.Equal("ADVICE-TO-WOMEN", Assert.Single(Pack.ActionTypes, a => !a.Counted).Code);

    [Fact]
    public void A_text_falls_back_to_English() => Assert.Equal("Metropolitan Police", Pack.Name.In("cy-GB"));

    [Fact]
    public void Working_days_skip_weekends_and_bank_holidays() =>
        Assert.Equal(new DateOnly(2026, 12, 30), Pack.AddWorkingDays(new DateOnly(2026, 12, 23), 3));

    [Theory]
    [InlineData("ENV-LIGHT-OUT", "E05014098", "E09000022", "Lambeth street lighting")]
    [InlineData("ENV-LIGHT-OUT", "E05011095", "E09000028", "Southwark street lighting")]
    [InlineData("ENV-SIGHT", "E05014098", "E09000022", "Lambeth streets team")]
    [InlineData("ENV-SIGHT", null, null, "Streets team")]
    [InlineData("BEH-FOLLOW", "E05014098", "E09000022", "Neighbourhood inspector")]
    public void Who_acts_is_the_best_fit_of_place_and_code(string code, string? ward, string? borough, string role) =>
        Assert.Equal(role, ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan").RouteOf(code, ward, borough)!.Role);

    [Fact]
    public void Every_concern_that_needs_an_owner_has_a_route_everywhere()
    {
        var pack = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get("metropolitan");
        Assert.All(pack.Taxonomy.Where(t => t.Owner is not null && t.Branch != ConcernBranch.Standards), t => Assert.NotNull(pack.RouteOf(t.Code, null, null)));
    }
}
