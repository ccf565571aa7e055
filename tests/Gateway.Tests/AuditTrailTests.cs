using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway.Data;
using WalkTalk.Gateway.SignIn;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Gateway.Tests;

/// <summary>The page of the audit trail, without script, at the gateway's own chain.</summary>
public abstract class AuditTrailTests(GatewayApp app)
{
    private const string Page = "/metropolitan/staff/audit", Own = $"{Page}?service=gateway", Api = "/api/gateway/v1/metropolitan/audit";

    /// <summary>An account that an administrator has added, and closed.</summary>
    private async Task Somebody()
    {
        using var administrator = app.Browse();
        await administrator.SignIn("administrator");
        await administrator.Open("/metropolitan/staff/users");
        var name = $"u{Guid.NewGuid():N}"[..12];
        await administrator.Submit("add", ("Name", "Una Unseen"), ("UserName", name), ("Password", "three plain words"), ("Roles", "operator"));
        Assert.Contains("Una Unseen", administrator.Page, StringComparison.Ordinal);
    }

    private async Task<Browser> Oversight()
    {
        var browser = app.Browse();
        await browser.SignIn("oversight");
        await app.Eventually(async () => (await browser.Open(Own)).Contains("The chain holds on this page", StringComparison.Ordinal), "an entry that is linked");
        return browser;
    }

    [Fact]
    public async Task Oversight_alone_opens_it_and_finds_it_in_the_menu()
    {
        using (var nobody = app.Browse())
        {
            await nobody.Open(Page);
            Assert.Equal("/sign-in", nobody.Where.AbsolutePath);
            await nobody.Open(Api);
            Assert.Equal(HttpStatusCode.Unauthorized, nobody.Last.StatusCode);
        }

        foreach (var person in DemoSignIns.Of(app.Services.GetRequiredService<ForcePackCatalogue>()).DistinctBy(p => p.Roles.Single()).ToList())
        {
            using var browser = app.Browse();
            await browser.SignIn(person.UserName);
            var hers = person.Roles.Contains("oversight");
            Assert.Equal(hers, browser.Page.Contains($"href=\"{Page}\"", StringComparison.Ordinal));
            await browser.Open(Own);
            Assert.Equal(hers ? HttpStatusCode.OK : HttpStatusCode.Forbidden, browser.Last.StatusCode);
            foreach (var path in (string[])["", "/chain"])
            {
                using var client = app.Client(person.Roles.Single());
                Assert.Equal(!hers, (await client.GetAsync(Api + path, TestContext.Current.CancellationToken)).StatusCode == HttpStatusCode.Forbidden);
            }
        }
    }

    [Fact]
    public async Task It_says_who_did_what_and_to_whom_without_a_name_and_what_is_taken_away_verifies()
    {
        await Somebody();
        using var she = await Oversight();
        await app.Eventually(async () => (await she.Open(Own)).Contains("<b>added</b> staff user", StringComparison.Ordinal), "the new account");
        Assert.DoesNotContain("Una", she.Page, StringComparison.Ordinal);
        Assert.Matches("<td>Ada, administrator<br[^>]*><a [^>]*>staff:demo-administrator</a>", she.Page);
        Assert.DoesNotContain("<b>added</b>", await she.Open($"{Own}&action=closed"), StringComparison.Ordinal);
        Assert.Contains("<b>added</b> staff user", await she.Open($"{Own}&action=added&actor=staff:demo-administrator"), StringComparison.Ordinal);

        await she.Open(Own);
        await she.Submit("main", ("First", "1"), ("Last", "1"));
        Assert.Equal($"{Api}/chain?from=1&to=1", she.Where.PathAndQuery);
        // The tokens of these tests are another issuer's than the one she signed in at.
        using var client = app.Client("oversight");
        using var file = new StringReader(await client.GetStringAsync(she.Where.PathAndQuery, TestContext.Current.CancellationToken));
        var found = AuditChain.Verify(file);
        Assert.Equal((null, 1, "gateway"), (found.Broken, found.Entries, found.Range.Chain));
        Assert.DoesNotContain("Ada", await client.GetStringAsync(she.Where.PathAndQuery, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_nobody_of_the_built_in_issuer_stands_there_without_a_name()
    {
        var somebody = $"{Guid.NewGuid():N}";
        await app.Db<GatewayDb>(async db =>
        {
            db.Caller.Actor = "staff:" + somebody;
            db.Audit("closed", "StaffUser", "elsewhere");
            await db.SaveChangesAsync();
        });
        using var she = await Oversight();
        await app.Eventually(async () => Regex.IsMatch(await she.Open(Own), $"<td><a [^>]*>staff:{somebody}</a>"), "an entry without a name");
    }

    [Theory]
    [InlineData("&from=yesterday", "Enter a day, such as 2026-11-29")]
    [InlineData("&from=2026-11-02&to=2026-11-01", "Enter a day, such as 2026-11-29")]
    [InlineData("&before=abc", "Send \"before\" as it was given")]
    [InlineData("&action=unheard-of", "No entry fits")]
    public async Task What_cannot_be_read_or_found_is_said(string query, string says)
    {
        await Somebody();
        using var she = await Oversight();
        Assert.Contains(says, await she.Open(Own + query), StringComparison.Ordinal);
        Assert.Contains("Last entry", she.Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "1", "Enter the number of an entry, from 1 to ")]
    [InlineData("one", "1", "Enter the number of an entry, from 1 to ")]
    [InlineData("1", "999999999", "Enter the number of an entry, from 1 to ")]
    [InlineData("999999999", "1", "Enter the number of an entry, from 1 to ")]
    public async Task A_range_that_is_not_there_is_refused_beside_its_field(string first, string last, string says)
    {
        await Somebody();
        using var she = await Oversight();
        await she.Submit("main", ("First", first), ("Last", last));
        Assert.Contains(says, she.Page, StringComparison.Ordinal);
        Assert.Contains("Error:", she.Page, StringComparison.Ordinal);
    }
}

public sealed class AuditTrailOnSqlite(GatewayApp.Sqlite app) : AuditTrailTests(app), IClassFixture<GatewayApp.Sqlite>;

public sealed class AuditTrailOnPostgres(GatewayApp.Postgres app) : AuditTrailTests(app), IClassFixture<GatewayApp.Postgres>;
