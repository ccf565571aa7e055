using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Fixtures;
using WalkTalk.Gateway.Data;
using WalkTalk.Gateway.SignIn;

namespace WalkTalk.Gateway.Tests;

/// <summary>A code beside the password: set up, asked for, and what is refused.</summary>
public abstract class SecondFactorTests(SecondFactorApp app) : SecondFactorSteps(app)
{
    private const string TooMany = "too many tries";

    [Fact]
    public async Task She_sets_it_up_with_a_code_of_her_app_and_signs_in_with_the_next()
    {
        var her = await Someone();
        using var browser = App.Browse();
        await browser.SignIn(her.UserName!, Password);
        Assert.Contains("Off", await browser.Open(Yours), StringComparison.Ordinal);
        var phone = await SetUp(browser);
        Assert.Equal(10, phone.Recovery.Count);
        Assert.All(phone.Recovery, code => Assert.Matches("^[2-9B-Z]{5}-[2-9B-Z]{5}$", code));
        Assert.Contains($"second-factor-set-up staff:{her.Id}", await Audited(her), StringComparison.Ordinal);
        Assert.Contains("On", await browser.Open(Yours), StringComparison.Ordinal);
        Assert.DoesNotContain(phone.Recovery[0], browser.Page, StringComparison.Ordinal);

        using var next = App.Browse();
        await next.SignIn(her.UserName!, Password);
        Assert.Equal("/sign-in/code", next.Where.AbsolutePath);
        await next.Submit("main", ("Code", Wrong(App, phone)));
        Assert.Contains("Error: Your code", next.Page, StringComparison.Ordinal);
        Assert.Contains("href=\"#f-Code\"", next.Page, StringComparison.Ordinal);
        App.Time.Advance(TimeSpan.FromSeconds(30));
        await next.Submit("main", ("Code", phone.Code(App).Insert(3, " ")));
        Assert.Equal("/metropolitan/staff", next.Where.AbsolutePath);
        Assert.Contains("Hello Sam", next.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_alone_opens_nothing()
    {
        var (her, _) = await SomeoneWithPhone();
        using var browser = App.Browse();
        await browser.SignIn(her.UserName!, Password);
        await browser.Open("/metropolitan/staff");
        Assert.Equal("/sign-in", browser.Where.AbsolutePath);
        await App.Db<GatewayDb>(async db => Assert.Equal(1, await db.Sessions.CountAsync(s => s.Sub == her.Id, Stop)));
    }

    [Fact]
    public async Task The_pages_for_the_code_are_closed_without_the_password_in_this_browser_and_after_ten_minutes()
    {
        var (her, phone) = await SomeoneWithPhone();
        using var stranger = App.Browse();
        foreach (var page in new[] { "code", "authenticator" })
        {
            Assert.Contains("Please begin again", await stranger.Open($"/sign-in/{page}"), StringComparison.Ordinal);
        }
        Assert.Equal("/sign-in", stranger.Where.AbsolutePath);
        await stranger.Open(Yours);
        Assert.Equal("/sign-in", stranger.Where.AbsolutePath);

        using var slow = App.Browse();
        await slow.SignIn(her.UserName!, Password);
        App.Time.Advance(TimeSpan.FromMinutes(10.5));
        await slow.Submit("main", ("Code", phone.Code(App)));
        Assert.Contains("Please begin again", slow.Page, StringComparison.Ordinal);

        App.Requires(true);
        try
        {
            using var late = App.Browse();
            await late.SignIn((await Someone()).UserName!, Password);
            App.Time.Advance(TimeSpan.FromMinutes(10.5));
            await late.Submit("confirm", ("Code", Totp.Code(KeyOn(late.Page), Totp.StepAt(App.Time.GetUtcNow()))));
            Assert.Contains("Please begin again", late.Page, StringComparison.Ordinal);
        }
        finally
        {
            App.Requires(false);
        }
    }

    [Fact]
    public async Task A_code_is_taken_once()
    {
        var (her, phone) = await SomeoneWithPhone();
        using var first = App.Browse();
        await AtCode(first, her);
        // That of the set-up is spent too.
        await first.Submit("main", ("Code", phone.Code(App)));
        Assert.Contains("was used", first.Page, StringComparison.Ordinal);
        App.Time.Advance(TimeSpan.FromSeconds(30));
        var code = phone.Code(App);
        await first.Submit("main", ("Code", code));
        Assert.Equal("/metropolitan/staff", first.Where.AbsolutePath);
        using var second = App.Browse();
        await AtCode(second, her);
        await second.Submit("main", ("Code", code));
        Assert.Contains("was used", second.Page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("١٢٣٤٥٦")]
    [InlineData("'; DROP TABLE authenticator; --")]
    public async Task What_is_no_code_is_refused_beside_its_field(string said)
    {
        var (her, _) = await SomeoneWithPhone();
        using var browser = App.Browse();
        await AtCode(browser, her);
        foreach (var (form, field) in new[] { ("main", "Code"), ("recovery", "RecoveryCode") })
        {
            await browser.Submit(form, (field, said));
            Assert.Contains($"href=\"#f-{field}\"", browser.Page, StringComparison.Ordinal);
            Assert.Equal("/sign-in/code", browser.Where.AbsolutePath);
        }
    }

    [Fact]
    public async Task A_recovery_code_stands_in_once_however_it_is_typed()
    {
        var (her, phone) = await SomeoneWithPhone();
        using var browser = App.Browse();
        await AtCode(browser, her);
        await browser.Submit("recovery", ("RecoveryCode", " " + phone.Recovery[3].Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant()));
        Assert.Equal("/metropolitan/staff", browser.Where.AbsolutePath);
        Assert.Contains($"recovery-code-used staff:{her.Id}", await Audited(her), StringComparison.Ordinal);
        Assert.Matches("Recovery codes left</dt><dd>9", await browser.Open(Yours));
        using var again = App.Browse();
        await AtCode(again, her);
        await again.Submit("recovery", ("RecoveryCode", phone.Recovery[3]));
        Assert.Contains("was used", again.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_elses_codes_are_worth_nothing()
    {
        var (her, _) = await SomeoneWithPhone();
        var (_, other) = await SomeoneWithPhone();
        App.Time.Advance(TimeSpan.FromSeconds(30));
        using var browser = App.Browse();
        await AtCode(browser, her);
        await browser.Submit("main", ("Code", other.Code(App)));
        Assert.Contains("Error: Your code", browser.Page, StringComparison.Ordinal);
        await browser.Submit("recovery", ("RecoveryCode", other.Recovery[0]));
        Assert.Contains("Error: Your code", browser.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_wrong_tries_of_any_kind_lock_her_for_ten_minutes_and_the_right_password_makes_no_room()
    {
        var (her, phone) = await SomeoneWithPhone();
        App.Time.Advance(TimeSpan.FromSeconds(30));
        using var browser = App.Browse();
        await browser.SignIn(her.UserName!, "a wrong password");
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await AtCode(browser, her);
            await browser.Submit("main", ("Code", Wrong(App, phone)));
            await browser.Submit("recovery", ("RecoveryCode", "22222-22222"));
        }
        await browser.Submit("main", ("Code", phone.Code(App)));
        Assert.Contains(TooMany, browser.Page, StringComparison.Ordinal);
        await browser.Submit("recovery", ("RecoveryCode", phone.Recovery[0]));
        Assert.Contains(TooMany, browser.Page, StringComparison.Ordinal);
        using var other = App.Browse();
        await other.SignIn(her.UserName!, Password);
        var right = Random().Replace(other.Page, "");
        await other.SignIn(her.UserName!, "a wrong password");
        // Locked, the right password looks like a wrong one.
        Assert.Contains(TooMany, right, StringComparison.Ordinal);
        Assert.Equal(right, Random().Replace(other.Page, ""));

        await App.Db<GatewayDb>(async db => Assert.Equal(App.Time.GetUtcNow().AddMinutes(10), (await db.Users.SingleAsync(u => u.Id == her.Id, Stop)).LockoutEnd!.Value, TimeSpan.FromSeconds(1)));
        App.Time.Advance(TimeSpan.FromMinutes(10));
        await AtCode(other, her);
        Assert.DoesNotContain(TooMany, other.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_many_come_at_once_no_more_tries_are_looked_at_than_the_lockout_allows()
    {
        var her = await Someone();
        var taken = await AtOnce(20, services => services.GetRequiredService<Tries>().Take(her.Id, Stop));
        Assert.Equal(5, taken.Count(one => one));
    }

    [Fact]
    public async Task Of_many_who_bring_the_same_code_at_once_one_is_let_in()
    {
        var (her, phone) = await SomeoneWithPhone();
        App.Time.Advance(TimeSpan.FromSeconds(30));
        var code = phone.Code(App);
        Assert.Single(await AtOnce(20, services => services.GetRequiredService<SecondFactor>().TakesCode(her.Id, code, Stop)), one => one);
        Assert.Single(await AtOnce(20, services => services.GetRequiredService<SecondFactor>().TakesRecoveryCode(her.Id, phone.Recovery[5], ServiceApp.Force, Stop)), one => one);
        Assert.Equal(1, Regex.Count(await Audited(her), "recovery-code-used"));
    }

    [Fact]
    public async Task Of_many_who_bring_the_same_recovery_code_by_the_page_one_is_let_in()
    {
        var (her, phone) = await SomeoneWithPhone();
        var browsers = Enumerable.Range(0, 5).Select(_ => App.Browse()).ToList();
        foreach (var browser in browsers)
        {
            await AtCode(browser, her);
        }
        await Task.WhenAll(browsers.Select(browser => browser.Submit("recovery", ("RecoveryCode", phone.Recovery[0]))));
        Assert.Single(browsers, browser => browser.Where.AbsolutePath == "/metropolitan/staff");
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task After_the_code_she_is_sent_nowhere_but_here()
    {
        var (her, phone) = await SomeoneWithPhone();
        App.Time.Advance(TimeSpan.FromSeconds(30));
        using var browser = App.Browse();
        await browser.SignIn(her.UserName!, Password);
        await browser.Open("/sign-in/code?to=https://evil.example/connect/authorize");
        await browser.Submit("main", ("Code", phone.Code(App)));
        Assert.Equal(App.Address.Authority, browser.Where.Authority);
        Assert.Equal("/metropolitan/staff", browser.Where.AbsolutePath);
    }

    [Fact]
    public async Task Key_and_codes_are_kept_unreadable_and_are_in_no_log_trace_or_address()
    {
        App.Listen();
        var her = await Someone();
        using var browser = App.Browse();
        var addresses = new List<string>();
        await browser.SignIn(her.UserName!, Password);
        var phone = await SetUp(browser);
        addresses.Add(browser.Where.ToString());
        App.Time.Advance(TimeSpan.FromSeconds(30));
        using var next = App.Browse();
        await AtCode(next, her);
        addresses.Add(next.Where.ToString());
        var code = phone.Code(App);
        await next.Submit("main", ("Code", code));
        addresses.Add(next.Where.ToString());
        using var third = App.Browse();
        await AtCode(third, her);
        await third.Submit("recovery", ("RecoveryCode", phone.Recovery[0]));
        var kept = await App.Db<GatewayDb, string>(async db =>
        {
            var hers = await db.Authenticators.SingleAsync(a => a.Sub == her.Id, Stop);
            Assert.DoesNotContain(Convert.ToHexString(phone.Key), Convert.ToHexString(hers.Key), StringComparison.Ordinal);
            return string.Join('\n', (await db.RecoveryCodes.Where(c => c.Sub == her.Id).ToListAsync(Stop)).Select(c => Convert.ToHexString(c.Hash)));
        });
        Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(phone.Recovery[1].Replace("-", "", StringComparison.Ordinal))), kept, StringComparison.Ordinal);
        var said = App.Said;
        Assert.Contains("/sign-in/code", said, StringComparison.Ordinal); // something was listened to
        foreach (var secret in (string[])[Totp.Text(phone.Key), Convert.ToBase64String(phone.Key), "Code=" + code, .. phone.Recovery, .. phone.Recovery.Select(one => one.Replace("-", "", StringComparison.Ordinal))])
        {
            Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
            Assert.All(addresses, address => Assert.DoesNotContain(secret, address, StringComparison.Ordinal));
        }
        Assert.DoesNotMatch($@"(?<!\d){code}(?!\d)", said);
    }
}

public sealed class SecondFactorOnSqlite(SecondFactorApp.Sqlite app) : SecondFactorTests(app), IClassFixture<SecondFactorApp.Sqlite>;

public sealed class SecondFactorOnPostgres(SecondFactorApp.Postgres app) : SecondFactorTests(app), IClassFixture<SecondFactorApp.Postgres>;
