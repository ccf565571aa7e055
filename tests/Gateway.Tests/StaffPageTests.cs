using System.Net;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway.SignIn;
using WalkTalk.Gateway.Web;

namespace WalkTalk.Gateway.Tests;

/// <summary>Who may open which page about what women told. Written down here once more, so that nobody widens one in passing.</summary>
public sealed class StaffPageTests(GatewayApp.Telling app) : IClassFixture<GatewayApp.Telling>
{
    private static readonly Dictionary<string, string[]> Pages = new()
    {
        ["actions"] = ["coordinator", "oversight"],
        ["actions/{Id:guid}"] = ["coordinator", "oversight"],
        ["agree"] = ["coordinator"],
        ["board"] = ["coordinator"],
        ["concerns/{Id:guid}"] = ["coordinator"],
        ["concerns/{Id:guid}/send/{Body}"] = ["coordinator"],
        ["disclosures"] = ["safeguarding", "standards"],
        ["disclosures/{Id:guid}"] = ["safeguarding", "standards"],
        ["photos"] = ["safeguarding"],
        ["photos/{Id:guid}"] = ["safeguarding"],
        ["promises"] = ["coordinator", "oversight"],
        ["standards"] = ["standards"],
        ["standards/{Id:guid}"] = ["standards"],
        ["stuck"] = ["coordinator", "oversight"],
        ["type-in"] = ["coordinator"],
    };

    private static string Address(string page) => "/metropolitan/staff/" + page.Replace("{Id:guid}", "0193b2f0-0000-7000-8000-000000000001", StringComparison.Ordinal).Replace("{Body}", "council", StringComparison.Ordinal);

    [Fact]
    public void Every_page_about_what_women_told_is_written_down() =>
        Assert.Equal(Pages.Keys.Order(StringComparer.Ordinal), app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<StaffPageAttribute>() is not null && e.Metadata.GetMetadata<ComponentTypeMetadata>()?.Type.Namespace == "WalkTalk.Gateway.Pages.Feedback")
            .Select(e => e.RoutePattern.RawText!["/{Force}/staff/".Length..]).Distinct().Order(StringComparer.Ordinal));

    [Fact]
    public async Task A_page_about_what_women_told_opens_to_its_roles_and_to_no_other()
    {
        var people = DemoSignIns.Of(app.Services.GetRequiredService<ForcePackCatalogue>()).DistinctBy(p => p.Roles.Single()).ToList();
        Assert.Equal(8, people.Count);
        var wrong = new List<string>();
        foreach (var person in people)
        {
            using var browser = app.Browse();
            await browser.SignIn(person.UserName);
            foreach (var (page, roles) in Pages)
            {
                await browser.Open(Address(page));
                if (roles.Contains(person.Roles.Single()) == (browser.Last.StatusCode == HttpStatusCode.Forbidden)) wrong.Add($"{person.Roles.Single()} {page}: {browser.Last.StatusCode}");
            }
        }
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_is_asked_to_sign_in_and_sees_nothing()
    {
        using var browser = app.Browse();
        foreach (var page in Pages.Keys)
        {
            await browser.Open(Address(page));
            Assert.Equal("/sign-in", browser.Where.AbsolutePath);
        }
    }

    [Fact]
    public void The_menu_offers_every_page_to_whoever_may_open_it_and_each_has_a_door()
    {
        var walls = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<StaffPageAttribute>() is not null)
            .ToLookup(e => e.RoutePattern.RawText!, e => string.Join(' ', (e.Metadata.GetRequiredMetadata<StaffPageAttribute>().Roles ?? "").Split(',').Order(StringComparer.Ordinal)));
        Assert.All(Menu.Staff, entry => Assert.Equal(string.Join(' ', entry.Roles.Order(StringComparer.Ordinal)), walls["/{Force}" + entry.Path].Distinct().Single()));
        Assert.All(Menu.Staff.Skip(1), entry => Assert.False(string.IsNullOrEmpty(entry.Why) || string.IsNullOrEmpty(entry.Open)));
    }

    [Fact]
    public async Task The_start_page_has_a_door_for_each_entry_of_the_menu()
    {
        using var browser = app.Browse();
        await browser.SignIn("oversight");
        foreach (var (path, open) in new[] { ("stuck", "See what is stuck"), ("retention", "See what is kept"), ("actions", "See the actions") })
        {
            Assert.Matches($"<a href=\"/metropolitan/staff/{path}\">{open}", browser.Page);
        }
    }
}
