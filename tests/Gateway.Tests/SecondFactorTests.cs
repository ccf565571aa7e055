using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using WalkTalk.Fixtures;
using WalkTalk.Gateway.Data;
using WalkTalk.Gateway.SignIn;

namespace WalkTalk.Gateway.Tests;

/// <summary>A code beside the password: set up, used, lost, required.</summary>
public abstract partial class SecondFactorTests
{
    private readonly App app;

    // Tokens are checked against the real clock: each test begins there again.
    protected SecondFactorTests(App app)
    {
        this.app = app;
        app.Time.AdjustTime(TimeProvider.System.GetUtcNow());
    }

    private const string Password = "three plain words", TooMany = "too many tries", Yours = "/metropolitan/staff/your-sign-in";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task She_sets_it_up_with_a_code_of_her_app_and_signs_in_with_the_next()
    {
        var her = await Someone();
        using var browser = app.Browse();
        await browser.SignIn(her.UserName!, Password);
        Assert.Contains("Off", await browser.Open(Yours), StringComparison.Ordinal);
        var phone = await SetUp(browser);
        Assert.Equal(10, phone.Recovery.Count);
        Assert.All(phone.Recovery, code => Assert.Matches("^[2-9B-Z]{5}-[2-9B-Z]{5}$", code));
        Assert.Contains($"second-factor-set-up staff:{her.Id}", await Audited(her), StringComparison.Ordinal);
        Assert.Contains("On", await browser.Open(Yours), StringComparison.Ordinal);
        Assert.DoesNotContain(phone.Recovery[0], browser.Page, StringComparison.Ordinal);

        using var next = app.Browse();
        await next.SignIn(her.UserName!, Password);
        Assert.Equal("/sign-in/code", next.Where.AbsolutePath);
        await next.Submit("main", ("Code", Wrong(app, phone)));
        Assert.Contains("Error: Your code", next.Page, StringComparison.Ordinal);
        Assert.Contains("href=\"#f-Code\"", next.Page, StringComparison.Ordinal);
        app.Time.Advance(TimeSpan.FromSeconds(30));
        await next.Submit("main", ("Code", phone.Code(app).Insert(3, " ")));
        Assert.Equal("/metropolitan/staff", next.Where.AbsolutePath);
        Assert.Contains("Hello Sam", next.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_alone_opens_nothing()
    {
        var (her, _) = await SomeoneWithPhone();
        using var browser = app.Browse();
        await browser.SignIn(her.UserName!, Password);
        await browser.Open("/metropolitan/staff");
        Assert.Equal("/sign-in", browser.Where.AbsolutePath);
        await app.Db<GatewayDb>(async db => Assert.Equal(1, await db.Sessions.CountAsync(s => s.Sub == her.Id, Stop)));
    }

    [Fact]
    public async Task The_pages_for_the_code_are_closed_without_the_password_in_this_browser_and_after_ten_minutes()
    {
        var (her, phone) = await SomeoneWithPhone();
        using var stranger = app.Browse();
        foreach (var page in new[] { "code", "authenticator" })
        {
            Assert.Contains("Please begin again", await stranger.Open($"/sign-in/{page}"), StringComparison.Ordinal);
        }
        Assert.Equal("/sign-in", stranger.Where.AbsolutePath);
        await stranger.Open(Yours);
        Assert.Equal("/sign-in", stranger.Where.AbsolutePath);

        using var slow = app.Browse();
        await slow.SignIn(her.UserName!, Password);
        app.Time.Advance(TimeSpan.FromMinutes(10.5));
        await slow.Submit("main", ("Code", phone.Code(app)));
        Assert.Contains("Please begin again", slow.Page, StringComparison.Ordinal);

        app.Requires(true);
        try
        {
            using var late = app.Browse();
            await late.SignIn((await Someone()).UserName!, Password);
            app.Time.Advance(TimeSpan.FromMinutes(10.5));
            await late.Submit("confirm", ("Code", Totp.Code(KeyOn(late.Page), Totp.StepAt(app.Time.GetUtcNow()))));
            Assert.Contains("Please begin again", late.Page, StringComparison.Ordinal);
        }
        finally
        {
            app.Requires(false);
        }
    }

    [Fact]
    public async Task A_code_is_taken_once()
    {
        var (her, phone) = await SomeoneWithPhone();
        using var first = app.Browse();
        await AtCode(first, her);
        // That of the set-up is spent too.
        await first.Submit("main", ("Code", phone.Code(app)));
        Assert.Contains("was used", first.Page, StringComparison.Ordinal);
        app.Time.Advance(TimeSpan.FromSeconds(30));
        var code = phone.Code(app);
        await first.Submit("main", ("Code", code));
        Assert.Equal("/metropolitan/staff", first.Where.AbsolutePath);
        using var second = app.Browse();
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
        using var browser = app.Browse();
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
        using var browser = app.Browse();
        await AtCode(browser, her);
        await browser.Submit("recovery", ("RecoveryCode", " " + phone.Recovery[3].Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant()));
        Assert.Equal("/metropolitan/staff", browser.Where.AbsolutePath);
        Assert.Contains($"recovery-code-used staff:{her.Id}", await Audited(her), StringComparison.Ordinal);
        Assert.Matches("Recovery codes left</dt><dd>9", await browser.Open(Yours));
        using var again = app.Browse();
        await AtCode(again, her);
        await again.Submit("recovery", ("RecoveryCode", phone.Recovery[3]));
        Assert.Contains("was used", again.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_elses_codes_are_worth_nothing()
    {
        var (her, _) = await SomeoneWithPhone();
        var (_, other) = await SomeoneWithPhone();
        app.Time.Advance(TimeSpan.FromSeconds(30));
        using var browser = app.Browse();
        await AtCode(browser, her);
        await browser.Submit("main", ("Code", other.Code(app)));
        Assert.Contains("Error: Your code", browser.Page, StringComparison.Ordinal);
        await browser.Submit("recovery", ("RecoveryCode", other.Recovery[0]));
        Assert.Contains("Error: Your code", browser.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_wrong_tries_of_any_kind_lock_her_for_ten_minutes_and_the_right_password_makes_no_room()
    {
        var (her, phone) = await SomeoneWithPhone();
        app.Time.Advance(TimeSpan.FromSeconds(30));
        using var browser = app.Browse();
        await browser.SignIn(her.UserName!, "a wrong password");
        foreach (var _ in Enumerable.Range(0, 2))
        {
            await AtCode(browser, her);
            await browser.Submit("main", ("Code", Wrong(app, phone)));
            await browser.Submit("recovery", ("RecoveryCode", "22222-22222"));
        }
        await browser.Submit("main", ("Code", phone.Code(app)));
        Assert.Contains(TooMany, browser.Page, StringComparison.Ordinal);
        await browser.Submit("recovery", ("RecoveryCode", phone.Recovery[0]));
        Assert.Contains(TooMany, browser.Page, StringComparison.Ordinal);
        using var other = app.Browse();
        await other.SignIn(her.UserName!, Password);
        var right = Random().Replace(other.Page, "");
        await other.SignIn(her.UserName!, "a wrong password");
        // Locked, the right password looks like a wrong one.
        Assert.Contains(TooMany, right, StringComparison.Ordinal);
        Assert.Equal(right, Random().Replace(other.Page, ""));

        await app.Db<GatewayDb>(async db => Assert.Equal(app.Time.GetUtcNow().AddMinutes(10), (await db.Users.SingleAsync(u => u.Id == her.Id, Stop)).LockoutEnd!.Value, TimeSpan.FromSeconds(1)));
        app.Time.Advance(TimeSpan.FromMinutes(10));
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
        app.Time.Advance(TimeSpan.FromSeconds(30));
        var code = phone.Code(app);
        Assert.Single(await AtOnce(20, services => services.GetRequiredService<SecondFactor>().TakesCode(her.Id, code, Stop)), one => one);
        Assert.Single(await AtOnce(20, services => services.GetRequiredService<SecondFactor>().TakesRecoveryCode(her.Id, phone.Recovery[5], ServiceApp.Force, Stop)), one => one);
        Assert.Equal(1, Regex.Count(await Audited(her), "recovery-code-used"));
    }

    [Fact]
    public async Task Of_many_who_bring_the_same_recovery_code_by_the_page_one_is_let_in()
    {
        var (her, phone) = await SomeoneWithPhone();
        var browsers = Enumerable.Range(0, 5).Select(_ => app.Browse()).ToList();
        foreach (var browser in browsers)
        {
            await AtCode(browser, her);
        }
        await Task.WhenAll(browsers.Select(browser => browser.Submit("recovery", ("RecoveryCode", phone.Recovery[0]))));
        Assert.Single(browsers, browser => browser.Where.AbsolutePath == "/metropolitan/staff");
        browsers.ForEach(browser => browser.Dispose());
    }

    [Fact]
    public async Task Of_many_changes_at_once_one_holds_and_its_recovery_codes_are_the_only_ones()
    {
        var her = await Someone();
        var set = await AtOnce(12, async services =>
        {
            var user = (await services.GetRequiredService<UserManager<StaffUser>>().FindByIdAsync(her.Id))!;
            await Task.Delay(200, Stop); // everybody has seen her as she was
            var key = Totp.NewKey();
            return await services.GetRequiredService<SecondFactor>().Confirm(user, key, Totp.Code(key, Totp.StepAt(app.Time.GetUtcNow())), ServiceApp.Force, Stop);
        });
        Assert.Single(set, one => one is not null);
        var made = await AtOnce(12, async services =>
        {
            var user = (await services.GetRequiredService<UserManager<StaffUser>>().FindByIdAsync(her.Id))!;
            await Task.Delay(200, Stop);
            return await services.GetRequiredService<SecondFactor>().NewRecoveryCodes(user, ServiceApp.Force, Stop);
        });
        Assert.Single(made, one => one is not null);
        await app.Db<GatewayDb>(async db => Assert.Equal(10, await db.RecoveryCodes.CountAsync(c => c.Sub == her.Id, Stop)));
    }

    [Fact]
    public async Task Her_other_sign_ins_end_and_this_one_goes_on_when_she_sets_it_up()
    {
        var her = await Someone();
        using var elsewhere = app.Browse();
        await elsewhere.SignIn(her.UserName!, Password);
        var refresh = await app.RefreshTokenOf(her.Id);
        Assert.True(await Refreshes(refresh));
        using var browser = app.Browse();
        await browser.SignIn(her.UserName!, Password);
        await SetUp(browser);
        Assert.False(await Refreshes(refresh));
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
        using var browser = app.Browse();
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
        using var browser = app.Browse();
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
        app.Time.Advance(TimeSpan.FromMinutes(15.5));
        using var fresh = app.Browse();
        Assert.Equal("/sign-in", (await fresh.Open(Yours), fresh.Where.AbsolutePath).AbsolutePath);
    }

    [Fact]
    public async Task With_a_new_phone_the_old_one_and_its_recovery_codes_are_worth_nothing()
    {
        var her = await Someone();
        using var browser = app.Browse();
        await browser.SignIn(her.UserName!, Password);
        var old = await SetUp(browser);
        app.Time.Advance(TimeSpan.FromSeconds(30));
        var now = await SetUp(browser);
        Assert.Contains("second-factor-moved", await Audited(her), StringComparison.Ordinal);
        app.Time.Advance(TimeSpan.FromSeconds(30));
        using var next = app.Browse();
        await AtCode(next, her);
        await next.Submit("main", ("Code", old.Code(app)));
        Assert.Contains("Error: Your code", next.Page, StringComparison.Ordinal);
        await next.Submit("recovery", ("RecoveryCode", old.Recovery[0]));
        Assert.Contains("Error: Your code", next.Page, StringComparison.Ordinal);
        await next.Submit("main", ("Code", now.Code(app)));
        Assert.Equal("/metropolitan/staff", next.Where.AbsolutePath);
    }

    [Fact]
    public async Task New_recovery_codes_take_the_place_of_the_old()
    {
        var her = await Someone();
        using var browser = app.Browse();
        await browser.SignIn(her.UserName!, Password);
        var phone = await SetUp(browser);
        await browser.Open(Yours);
        await browser.Submit("change", ("What", "codes"), ("Password", Password));
        var made = RecoveryCodesOn(browser.Page);
        Assert.Empty(made.Intersect(phone.Recovery));
        Assert.Contains("recovery-codes-made", await Audited(her), StringComparison.Ordinal);
        using var next = app.Browse();
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
        var refresh = await app.RefreshTokenOf(her.Id);
        using var administrator = app.Browse();
        await administrator.SignIn("administrator");
        await administrator.Open("/metropolitan/staff/users");
        Assert.Contains("Second factor", Row(administrator.Page, her), StringComparison.Ordinal);
        await administrator.Submit("reset-" + her.Id);
        Assert.DoesNotContain("Second factor", Row(administrator.Page, her), StringComparison.Ordinal);
        Assert.Contains("second-factor-reset staff:demo-administrator", await Audited(her), StringComparison.Ordinal);
        Assert.False(await Refreshes(refresh));
        await app.Db<GatewayDb>(async db => Assert.False(await db.Authenticators.AnyAsync(a => a.Sub == her.Id, Stop) || await db.RecoveryCodes.AnyAsync(c => c.Sub == her.Id, Stop)));
        using var browser = app.Browse();
        await browser.SignIn(her.UserName!, Password);
        Assert.Equal("/metropolitan/staff", browser.Where.AbsolutePath);
    }

    [Fact]
    public async Task Nobody_else_and_no_administrator_of_another_force_resets_it()
    {
        var (her, _) = await SomeoneWithPhone();
        await app.Db<GatewayDb>(db => db.Users.Where(u => u.Id == her.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Forces, new List<string> { "elsewhere" }), Stop));
        using var administrator = app.Browse();
        await administrator.SignIn("administrator");
        await administrator.Open("/metropolitan/staff/users");
        Assert.DoesNotContain(her.Id, administrator.Page, StringComparison.Ordinal);
        var token = AntiforgeryToken().Match(administrator.Page).Groups["token"].Value;
        using var coordinator = app.Browse();
        await coordinator.SignIn("coordinator");
        var hers = AntiforgeryToken().Match(coordinator.Page).Groups["token"].Value;
        foreach (var (browser, sent, expected) in new[] { (administrator, token, HttpStatusCode.BadRequest), (coordinator, hers, HttpStatusCode.Forbidden) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/metropolitan/staff/users") { Content = new FormUrlEncodedContent([new("_handler", "reset-" + her.Id), new("__RequestVerificationToken", sent)]) };
            using var answer = await browser.Send(request);
            Assert.Equal(expected, answer.StatusCode);
        }
        await app.Db<GatewayDb>(async db => Assert.True(await db.Authenticators.AnyAsync(a => a.Sub == her.Id, Stop)));
    }

    [Fact]
    public async Task Closing_an_account_that_changes_at_the_same_moment_is_not_lost_in_silence()
    {
        var (her, _) = await SomeoneWithPhone();
        await using var scope = app.Services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>();
        var seen = (await users.FindByIdAsync(her.Id))!;
        await using var other = app.Services.CreateAsyncScope();
        var same = (await other.ServiceProvider.GetRequiredService<UserManager<StaffUser>>().FindByIdAsync(her.Id))!;
        Assert.True(await other.ServiceProvider.GetRequiredService<SecondFactor>().Reset(same, ServiceApp.Force, "somebody", Stop));
        seen.Active = false;
        Assert.False((await users.UpdateAsync(seen)).Succeeded);
        await app.Db<GatewayDb>(async db => Assert.False((await db.Users.SingleAsync(u => u.Id == her.Id, Stop)).TwoFactorEnabled));
    }

    [Fact]
    public async Task Where_it_is_required_who_has_none_sets_it_up_after_the_password_and_reaches_nothing_before()
    {
        var her = await Someone();
        using var before = app.Browse();
        await before.SignIn(her.UserName!, Password);
        var refresh = await app.RefreshTokenOf(her.Id);
        app.Requires(true);
        try
        {
            Assert.False(await Refreshes(refresh));
            using var browser = app.Browse();
            await browser.SignIn(her.UserName!, Password);
            Assert.Equal("/sign-in/authenticator", browser.Where.AbsolutePath);
            var key = KeyOn(browser.Page);
            using var second = app.Browse();
            await second.SignIn(her.UserName!, Password);
            await second.Open("/metropolitan/staff");
            Assert.Equal("/sign-in", second.Where.AbsolutePath);
            await browser.Open(browser.Where.PathAndQuery);
            Assert.Equal(key, KeyOn(browser.Page));
            var step = Totp.StepAt(app.Time.GetUtcNow());
            await browser.Submit("confirm", ("Code", Wrong(app, new Phone(key, []))));
            Assert.Contains("href=\"#f-Code\"", browser.Page, StringComparison.Ordinal);
            await browser.Submit("confirm", ("Code", Totp.Code(key, step)));
            Assert.Equal(10, RecoveryCodesOn(browser.Page).Count);
            await browser.Open(WebUtility.HtmlDecode(GoOn().Match(browser.Page).Groups["to"].Value));
            Assert.Equal("/metropolitan/staff", browser.Where.AbsolutePath);
            Assert.Contains("Hello Sam", browser.Page, StringComparison.Ordinal);
        }
        finally
        {
            app.Requires(false);
        }
    }

    [Theory]
    [InlineData("/sign-in/code", "main")]
    [InlineData("/sign-in/authenticator", "confirm")]
    [InlineData(Yours, "change")]
    public async Task A_form_without_its_antiforgery_token_is_refused(string page, string form)
    {
        var her = await Someone();
        using var browser = app.Browse();
        await browser.SignIn(her.UserName!, Password);
        using var request = new HttpRequestMessage(HttpMethod.Post, page) { Content = new FormUrlEncodedContent([new("_handler", form), new("Code", "123456")]) };
        using var answer = await browser.Send(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task After_the_code_she_is_sent_nowhere_but_here()
    {
        var (her, phone) = await SomeoneWithPhone();
        app.Time.Advance(TimeSpan.FromSeconds(30));
        using var browser = app.Browse();
        await browser.SignIn(her.UserName!, Password);
        await browser.Open("/sign-in/code?to=https://evil.example/connect/authorize");
        await browser.Submit("main", ("Code", phone.Code(app)));
        Assert.Equal(app.Address.Authority, browser.Where.Authority);
        Assert.Equal("/metropolitan/staff", browser.Where.AbsolutePath);
    }

    [Fact]
    public async Task Key_and_codes_are_kept_unreadable_and_are_in_no_log_trace_or_address()
    {
        app.Listen();
        var her = await Someone();
        using var browser = app.Browse();
        var addresses = new List<string>();
        await browser.SignIn(her.UserName!, Password);
        var phone = await SetUp(browser);
        addresses.Add(browser.Where.ToString());
        app.Time.Advance(TimeSpan.FromSeconds(30));
        using var next = app.Browse();
        await AtCode(next, her);
        addresses.Add(next.Where.ToString());
        var code = phone.Code(app);
        await next.Submit("main", ("Code", code));
        addresses.Add(next.Where.ToString());
        using var third = app.Browse();
        await AtCode(third, her);
        await third.Submit("recovery", ("RecoveryCode", phone.Recovery[0]));
        var kept = await app.Db<GatewayDb, string>(async db =>
        {
            var hers = await db.Authenticators.SingleAsync(a => a.Sub == her.Id, Stop);
            Assert.DoesNotContain(Convert.ToHexString(phone.Key), Convert.ToHexString(hers.Key), StringComparison.Ordinal);
            return string.Join('\n', (await db.RecoveryCodes.Where(c => c.Sub == her.Id).ToListAsync(Stop)).Select(c => Convert.ToHexString(c.Hash)));
        });
        Assert.DoesNotContain(Convert.ToHexString(Encoding.UTF8.GetBytes(phone.Recovery[1].Replace("-", "", StringComparison.Ordinal))), kept, StringComparison.Ordinal);
        var said = app.Said;
        Assert.Contains("/sign-in/code", said, StringComparison.Ordinal); // something was listened to
        foreach (var secret in (string[])[Totp.Text(phone.Key), Convert.ToBase64String(phone.Key), "Code=" + code, .. phone.Recovery, .. phone.Recovery.Select(one => one.Replace("-", "", StringComparison.Ordinal))])
        {
            Assert.DoesNotContain(secret, said, StringComparison.Ordinal);
            Assert.All(addresses, address => Assert.DoesNotContain(secret, address, StringComparison.Ordinal));
        }
        Assert.DoesNotMatch($@"(?<!\d){code}(?!\d)", said);
    }

    private async Task<StaffUser> Someone()
    {
        await using var scope = app.Services.CreateAsyncScope();
        var user = new StaffUser { UserName = "sam" + Guid.NewGuid().ToString("N")[..8], Name = "Sam", Roles = ["analyst"], Forces = [ServiceApp.Force] };
        Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>().CreateAsync(user, Password)).Succeeded);
        return user;
    }

    private async Task<(StaffUser Her, Phone Phone)> SomeoneWithPhone()
    {
        var her = await Someone();
        using var browser = app.Browse();
        await browser.SignIn(her.UserName!, Password);
        return (her, await SetUp(browser));
    }

    private async Task<Phone> SetUp(Browser browser)
    {
        await browser.Open(Yours);
        await browser.Submit("change", ("What", "key"), ("Password", Password));
        var key = KeyOn(browser.Page);
        Assert.Contains($"otpauth://totp/WalkTalk:sam", browser.Page, StringComparison.Ordinal);
        await browser.Submit("confirm", ("Code", Totp.Code(key, Totp.StepAt(app.Time.GetUtcNow()))));
        return new Phone(key, RecoveryCodesOn(browser.Page));
    }

    private static async Task AtCode(Browser browser, StaffUser her)
    {
        await browser.SignIn(her.UserName!, Password);
        Assert.Equal("/sign-in/code", browser.Where.AbsolutePath);
    }

    private async Task<bool> Refreshes(string token)
    {
        using var client = app.Client();
        using var form = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("client_id", "walktalk-web"), new("refresh_token", token)]);
        return (await client.PostAsync("/connect/token", form, Stop)).IsSuccessStatusCode;
    }

    private async Task<T[]> AtOnce<T>(int many, Func<IServiceProvider, Task<T>> work)
    {
        var start = new TaskCompletionSource();
        var running = Enumerable.Range(0, many).Select(_ => Task.Run(async () =>
        {
            await start.Task;
            await using var scope = app.Services.CreateAsyncScope();
            return await work(scope.ServiceProvider);
        }, Stop)).ToList();
        start.SetResult();
        return await Task.WhenAll(running);
    }

    private Task<string> Audited(StaffUser her) => app.Db<GatewayDb, string>(async db =>
        string.Join('\n', await db.Database.SqlQuery<string>($"SELECT action || ' ' || actor AS \"Value\" FROM audit WHERE subject_type = 'StaffUser' AND subject_id = {her.Id}").ToListAsync(Stop)));

    private static string Row(string page, StaffUser her) => Rows().Matches(page).Select(m => m.Value).Single(row => row.Contains(her.Id, StringComparison.Ordinal));

    private static string Wrong(App app, Phone phone)
    {
        var near = Enumerable.Range(-2, 5).Select(steps => Totp.Code(phone.Key, Totp.StepAt(app.Time.GetUtcNow()) + steps)).ToHashSet();
        return Enumerable.Range(0, 9).Select(digit => new string((char)('0' + digit), 6)).First(code => !near.Contains(code));
    }

    private static byte[] KeyOn(string page)
    {
        var text = KeyShown().Match(page).Groups["key"].Value;
        Assert.Matches("^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$", text);
        var bits = string.Concat(text.Replace(" ", "", StringComparison.Ordinal).Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        Assert.Contains("secret=" + text.Replace(" ", "", StringComparison.Ordinal), page, StringComparison.Ordinal);
        return [.. bits.Chunk(8).Select(eight => Convert.ToByte(new string(eight), 2))];
    }

    private static List<string> RecoveryCodesOn(string page) => [.. RecoveryCodesShown().Match(page).Groups["code"].Captures.Select(c => c.Value)];

    internal sealed record Phone(byte[] Key, IReadOnlyList<string> Recovery)
    {
        public string Code(App app) => Totp.Code(Key, Totp.StepAt(app.Time.GetUtcNow()));
    }

    [GeneratedRegex("<input type=\"hidden\"[^>]*>|(?<=to=)[^\"]*|(id|aria-labelledby)=\"n[0-9a-f]{8}\"")]
    private static partial Regex Random();

    [GeneratedRegex("<p class=\"key\"[^>]*>(?<key>[^<]*)</p>")]
    private static partial Regex KeyShown();

    [GeneratedRegex("<ol class=\"key\"[^>]*>(<li>(?<code>[^<]*)</li>)*</ol>")]
    private static partial Regex RecoveryCodesShown();

    [GeneratedRegex("<li><p class=\"row apart\">.*?</li>", RegexOptions.Singleline)]
    private static partial Regex Rows();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]*)\"")]
    private static partial Regex AntiforgeryToken();

    [GeneratedRegex("<a class=\"btn \" href=\"(?<to>[^\"]*)\">I have kept them")]
    private static partial Regex GoOn();

    /// <summary>The gateway on a clock that the test moves, near enough to the real one for tokens; what it logs and traces can be listened to.</summary>
    public abstract class App(TestOn on) : GatewayApp(on)
    {
        private readonly ConcurrentQueue<string> said = new();
        private bool listening;

        public string Said => string.Join('\n', said);

        public void Listen()
        {
            listening = true;
            var listener = new ActivityListener
            {
                ShouldListenTo = _ => true,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity => said.Enqueue($"{activity.DisplayName} {string.Join(' ', activity.TagObjects)} {string.Join(' ', activity.Events.SelectMany(e => e.Tags))}"),
            };
            ActivitySource.AddActivityListener(listener);
        }

        public void Requires(bool secondFactor) => Services.GetRequiredService<IConfiguration>()["Auth:RequireSecondFactor"] = $"{secondFactor}";

        protected override void Customise(IServiceCollection services)
        {
            Time.SetUtcNow(TimeProvider.System.GetUtcNow());
            services.RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(Time);
            services.AddSingleton<ILoggerProvider>(new Listener(this));
            services.Configure<LoggerFilterOptions>(options => options.MinLevel = LogLevel.Debug);
        }

        private sealed class Listener(App app) : ILoggerProvider, ILogger
        {
            public ILogger CreateLogger(string categoryName) => this;

            public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

            public bool IsEnabled(LogLevel logLevel) => app.listening;

            public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => app.said.Enqueue(formatter(state, exception));

            public void Dispose()
            {
            }
        }
    }

    public sealed class Sqlite() : App(TestOn.OneProcess);

    public sealed class Postgres() : App(TestOn.PostgresAndRabbit);
}

public sealed class SecondFactorOnSqlite(SecondFactorTests.Sqlite app) : SecondFactorTests(app), IClassFixture<SecondFactorTests.Sqlite>;

public sealed class SecondFactorOnPostgres(SecondFactorTests.Postgres app) : SecondFactorTests(app), IClassFixture<SecondFactorTests.Postgres>;
