using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Fixtures;
using WalkTalk.Gateway.Data;
using WalkTalk.Gateway.SignIn;

namespace WalkTalk.Gateway.Tests;

/// <summary>The second factor changes: a new phone, new recovery codes, a reset, and where everybody needs one.</summary>
public abstract class SecondFactorChangeTests(SecondFactorApp app) : SecondFactorSteps(app)
{
    [Fact]
    public async Task Of_many_changes_at_once_one_holds_and_its_recovery_codes_are_the_only_ones()
    {
        var her = await Someone();
        var set = await AtOnce(12, async services =>
        {
            var user = (await services.GetRequiredService<UserManager<StaffUser>>().FindByIdAsync(her.Id))!;
            await Task.Delay(200, Stop); // everybody has seen her as she was
            var key = Totp.NewKey();
            return await services.GetRequiredService<SecondFactor>().Confirm(user, key, Totp.Code(key, Totp.StepAt(App.Time.GetUtcNow())), ServiceApp.Force, Stop);
        });
        Assert.Single(set, one => one is not null);
        var made = await AtOnce(12, async services =>
        {
            var user = (await services.GetRequiredService<UserManager<StaffUser>>().FindByIdAsync(her.Id))!;
            await Task.Delay(200, Stop);
            return await services.GetRequiredService<SecondFactor>().NewRecoveryCodes(user, ServiceApp.Force, Stop);
        });
        Assert.Single(made, one => one is not null);
        await App.Db<GatewayDb>(async db => Assert.Equal(10, await db.RecoveryCodes.CountAsync(c => c.Sub == her.Id, Stop)));
    }

    [Fact]
    public async Task Her_other_sign_ins_end_and_this_one_goes_on_when_she_sets_it_up()
    {
        var her = await Someone();
        using var elsewhere = App.Browse();
        await elsewhere.SignIn(her.UserName!, Password);
        var refresh = await App.RefreshTokenOf(her.Id);
        Assert.True(await App.Refreshes(refresh));
        using var browser = App.Browse();
        await browser.SignIn(her.UserName!, Password);
        await SetUp(browser);
        Assert.False(await App.Refreshes(refresh));
        // Nor does what the other browser proved ten minutes ago open a new session; here it does.
        foreach (var (one, ends) in new[] { (elsewhere, "/sign-in"), (browser, "/metropolitan/staff") })
        {
            foreach (var cookie in one.Cookies.GetAllCookies().Where(c => c.Name.StartsWith("walktalk-session", StringComparison.Ordinal)))
            {
                cookie.Expired = true;
            }
            await one.Open("/metropolitan/staff");
            Assert.Equal(ends, one.Where.AbsolutePath);
        }
    }

    [Fact]
    public async Task A_change_asks_for_the_password_again()
    {
        var her = await Someone();
        using var browser = App.Browse();
        await browser.SignIn(her.UserName!, Password);
        await browser.Open(Yours);
        await browser.Submit("change", ("What", "key"));
        Assert.Contains("Enter your password", browser.Page, StringComparison.Ordinal);
        await browser.Submit("change", ("What", "key"), ("Password", "a wrong password"));
        Assert.Contains("Error: Your sign-in", browser.Page, StringComparison.Ordinal);
        Assert.DoesNotContain("otpauth", browser.Page, StringComparison.Ordinal);
        await SetUp(browser);
        await browser.Open(Yours);
        await browser.Submit("change", ("What", "codes"), ("Password", "a wrong password"));
        Assert.Contains("The password is wrong", browser.Page, StringComparison.Ordinal);
        foreach (var _ in Enumerable.Range(0, 3))
        {
            await browser.Submit("change", ("What", "codes"), ("Password", "a wrong password"));
        }
        await browser.Submit("change", ("What", "codes"), ("Password", Password));
        Assert.Contains("too many tries", browser.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_stays_the_same_until_a_code_confirms_it_and_may_be_left()
    {
        var her = await Someone();
        using var browser = App.Browse();
        await browser.SignIn(her.UserName!, Password);
        await browser.Open(Yours);
        await browser.Submit("change", ("What", "key"), ("Password", Password));
        var key = KeyOn(browser.Page);
        Assert.Equal(key, KeyOn(await browser.Open(Yours)));
        await browser.Submit("confirm", ("Code", "no code"));
        Assert.Contains("href=\"#f-Code\"", browser.Page, StringComparison.Ordinal);
        Assert.Equal(key, KeyOn(browser.Page));
        await browser.Submit("leave");
        Assert.Contains("Off", browser.Page, StringComparison.Ordinal);
        await browser.Submit("change", ("What", "key"), ("Password", Password));
        Assert.NotEqual(key, KeyOn(browser.Page));
        App.Time.Advance(TimeSpan.FromMinutes(15.5));
        using var fresh = App.Browse();
        Assert.Equal("/sign-in", (await fresh.Open(Yours), fresh.Where.AbsolutePath).AbsolutePath);
    }

    [Fact]
    public async Task With_a_new_phone_the_old_one_and_its_recovery_codes_are_worth_nothing()
    {
        var her = await Someone();
        using var browser = App.Browse();
        await browser.SignIn(her.UserName!, Password);
        var old = await SetUp(browser);
        App.Time.Advance(TimeSpan.FromSeconds(30));
        var now = await SetUp(browser);
        Assert.Contains("second-factor-moved", await Audited(her), StringComparison.Ordinal);
        App.Time.Advance(TimeSpan.FromSeconds(30));
        using var next = App.Browse();
        await AtCode(next, her);
        await next.Submit("main", ("Code", old.Code(App)));
        Assert.Contains("Error: Your code", next.Page, StringComparison.Ordinal);
        await next.Submit("recovery", ("RecoveryCode", old.Recovery[0]));
        Assert.Contains("Error: Your code", next.Page, StringComparison.Ordinal);
        await next.Submit("main", ("Code", now.Code(App)));
        Assert.Equal("/metropolitan/staff", next.Where.AbsolutePath);
    }

    [Fact]
    public async Task New_recovery_codes_take_the_place_of_the_old()
    {
        var her = await Someone();
        using var browser = App.Browse();
        await browser.SignIn(her.UserName!, Password);
        var phone = await SetUp(browser);
        await browser.Open(Yours);
        await browser.Submit("change", ("What", "codes"), ("Password", Password));
        var made = RecoveryCodesOn(browser.Page);
        Assert.Empty(made.Intersect(phone.Recovery));
        Assert.Contains("recovery-codes-made", await Audited(her), StringComparison.Ordinal);
        using var next = App.Browse();
        await AtCode(next, her);
        await next.Submit("recovery", ("RecoveryCode", phone.Recovery[0]));
        Assert.Contains("Error: Your code", next.Page, StringComparison.Ordinal);
        await next.Submit("recovery", ("RecoveryCode", made[0]));
        Assert.Equal("/metropolitan/staff", next.Where.AbsolutePath);
    }

    [Fact]
    public async Task An_administrator_sees_who_has_it_and_resets_it()
    {
        var (her, _) = await SomeoneWithPhone();
        var refresh = await App.RefreshTokenOf(her.Id);
        using var administrator = App.Browse();
        await administrator.SignIn("administrator");
        await administrator.Open("/metropolitan/staff/users");
        Assert.Contains("Second factor", Row(administrator.Page, her), StringComparison.Ordinal);
        await administrator.Submit("reset-" + her.Id);
        Assert.DoesNotContain("Second factor", Row(administrator.Page, her), StringComparison.Ordinal);
        Assert.Contains("second-factor-reset staff:demo-administrator", await Audited(her), StringComparison.Ordinal);
        Assert.False(await App.Refreshes(refresh));
        await App.Db<GatewayDb>(async db => Assert.False(await db.Authenticators.AnyAsync(a => a.Sub == her.Id, Stop) || await db.RecoveryCodes.AnyAsync(c => c.Sub == her.Id, Stop)));
        using var browser = App.Browse();
        await browser.SignIn(her.UserName!, Password);
        Assert.Equal("/metropolitan/staff", browser.Where.AbsolutePath);
    }

    [Fact]
    public async Task Nobody_else_and_no_administrator_of_another_force_resets_it()
    {
        var (her, _) = await SomeoneWithPhone();
        await App.Db<GatewayDb>(db => db.Users.Where(u => u.Id == her.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Forces, new List<string> { "elsewhere" }), Stop));
        using var administrator = App.Browse();
        await administrator.SignIn("administrator");
        await administrator.Open("/metropolitan/staff/users");
        Assert.DoesNotContain(her.Id, administrator.Page, StringComparison.Ordinal);
        var token = AntiforgeryToken().Match(administrator.Page).Groups["token"].Value;
        using var coordinator = App.Browse();
        await coordinator.SignIn("coordinator");
        var hers = AntiforgeryToken().Match(coordinator.Page).Groups["token"].Value;
        foreach (var (browser, sent, expected) in new[] { (administrator, token, HttpStatusCode.BadRequest), (coordinator, hers, HttpStatusCode.Forbidden) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/metropolitan/staff/users") { Content = new FormUrlEncodedContent([new("_handler", "reset-" + her.Id), new("__RequestVerificationToken", sent)]) };
            using var answer = await browser.Send(request);
            Assert.Equal(expected, answer.StatusCode);
        }
        await App.Db<GatewayDb>(async db => Assert.True(await db.Authenticators.AnyAsync(a => a.Sub == her.Id, Stop)));
    }

    [Fact]
    public async Task Closing_an_account_that_changes_at_the_same_moment_is_not_lost_in_silence()
    {
        var (her, _) = await SomeoneWithPhone();
        await using var scope = App.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>();
        var seen = (await users.FindByIdAsync(her.Id))!;
        await using var other = App.Services.CreateAsyncScope();
        var same = (await other.ServiceProvider.GetRequiredService<UserManager<StaffUser>>().FindByIdAsync(her.Id))!;
        Assert.True(await other.ServiceProvider.GetRequiredService<SecondFactor>().Reset(same, ServiceApp.Force, "somebody", Stop));
        seen.Active = false;
        Assert.False((await users.UpdateAsync(seen)).Succeeded);
        await App.Db<GatewayDb>(async db => Assert.False((await db.Users.SingleAsync(u => u.Id == her.Id, Stop)).TwoFactorEnabled));
    }

    [Fact]
    public async Task Where_it_is_required_who_has_none_sets_it_up_after_the_password_and_reaches_nothing_before()
    {
        var her = await Someone();
        using var before = App.Browse();
        await before.SignIn(her.UserName!, Password);
        var refresh = await App.RefreshTokenOf(her.Id);
        App.Requires(true);
        try
        {
            Assert.False(await App.Refreshes(refresh));
            using var browser = App.Browse();
            await browser.SignIn(her.UserName!, Password);
            Assert.Equal("/sign-in/authenticator", browser.Where.AbsolutePath);
            var key = KeyOn(browser.Page);
            using var second = App.Browse();
            await second.SignIn(her.UserName!, Password);
            await second.Open("/metropolitan/staff");
            Assert.Equal("/sign-in", second.Where.AbsolutePath);
            await browser.Open(browser.Where.PathAndQuery);
            Assert.Equal(key, KeyOn(browser.Page));
            var step = Totp.StepAt(App.Time.GetUtcNow());
            await browser.Submit("confirm", ("Code", Wrong(App, new Phone(key, []))));
            Assert.Contains("href=\"#f-Code\"", browser.Page, StringComparison.Ordinal);
            await browser.Submit("confirm", ("Code", Totp.Code(key, step)));
            Assert.Equal(10, RecoveryCodesOn(browser.Page).Count);
            await browser.Open(WebUtility.HtmlDecode(GoOn().Match(browser.Page).Groups["to"].Value));
            Assert.Equal("/metropolitan/staff", browser.Where.AbsolutePath);
            Assert.Contains("Hello Sam", browser.Page, StringComparison.Ordinal);
        }
        finally
        {
            App.Requires(false);
        }
    }

    [Theory]
    [InlineData("/sign-in/code", "main")]
    [InlineData("/sign-in/authenticator", "confirm")]
    [InlineData(Yours, "change")]
    public async Task A_form_without_its_antiforgery_token_is_refused(string page, string form)
    {
        var her = await Someone();
        using var browser = App.Browse();
        await browser.SignIn(her.UserName!, Password);
        using var request = new HttpRequestMessage(HttpMethod.Post, page) { Content = new FormUrlEncodedContent([new("_handler", form), new("Code", "123456")]) };
        using var answer = await browser.Send(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}

public sealed class SecondFactorChangeOnSqlite(SecondFactorApp.Sqlite app) : SecondFactorChangeTests(app), IClassFixture<SecondFactorApp.Sqlite>;

public sealed class SecondFactorChangeOnPostgres(SecondFactorApp.Postgres app) : SecondFactorChangeTests(app), IClassFixture<SecondFactorApp.Postgres>;
