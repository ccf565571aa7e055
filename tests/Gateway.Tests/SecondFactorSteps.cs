using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WalkTalk.Fixtures;
using WalkTalk.Gateway.Data;
using WalkTalk.Gateway.SignIn;

namespace WalkTalk.Gateway.Tests;

/// <summary>What the tests of the second factor do over and over, and what they read on its pages.</summary>
public abstract partial class SecondFactorSteps
{
    private protected const string Password = "three plain words", Yours = "/metropolitan/staff/your-sign-in";

    // Tokens are checked against the real clock: each test begins there again.
    protected SecondFactorSteps(SecondFactorApp app)
    {
        App = app;
        app.Time.AdjustTime(TimeProvider.System.GetUtcNow());
    }

    private protected SecondFactorApp App { get; }

    private protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    private protected async Task<StaffUser> Someone()
    {
        await using var scope = App.Services.CreateAsyncScope();
        var user = new StaffUser { UserName = "sam" + Guid.NewGuid().ToString("N")[..8], Name = "Sam", Roles = ["analyst"], Forces = [ServiceApp.Force] };
        Assert.True((await scope.ServiceProvider.GetRequiredService<UserManager<StaffUser>>().CreateAsync(user, Password)).Succeeded);
        return user;
    }

    private protected async Task<(StaffUser Her, Phone Phone)> SomeoneWithPhone()
    {
        var her = await Someone();
        using var browser = App.Browse();
        await browser.SignIn(her.UserName!, Password);
        return (her, await SetUp(browser));
    }

    private protected async Task<Phone> SetUp(Browser browser)
    {
        await browser.Open(Yours);
        await browser.Submit("change", ("What", "key"), ("Password", Password));
        var key = KeyOn(browser.Page);
        Assert.Contains($"otpauth://totp/WalkTalk:sam", browser.Page, StringComparison.Ordinal);
        await browser.Submit("confirm", ("Code", Totp.Code(key, Totp.StepAt(App.Time.GetUtcNow()))));
        return new Phone(key, RecoveryCodesOn(browser.Page));
    }

    private protected static async Task AtCode(Browser browser, StaffUser her)
    {
        await browser.SignIn(her.UserName!, Password);
        Assert.Equal("/sign-in/code", browser.Where.AbsolutePath);
    }

    private protected async Task<T[]> AtOnce<T>(int many, Func<IServiceProvider, Task<T>> work)
    {
        var start = new TaskCompletionSource();
        var running = Enumerable.Range(0, many).Select(_ => Task.Run(async () =>
        {
            await start.Task;
            await using var scope = App.Services.CreateAsyncScope();
            return await work(scope.ServiceProvider);
        }, Stop)).ToList();
        start.SetResult();
        return await Task.WhenAll(running);
    }

    private protected Task<string> Audited(StaffUser her) => App.Db<GatewayDb, string>(async db =>
        string.Join('\n', await db.Database.SqlQuery<string>($"SELECT action || ' ' || actor AS \"Value\" FROM audit WHERE subject_type = 'StaffUser' AND subject_id = {her.Id}").ToListAsync(Stop)));

    private protected static string Row(string page, StaffUser her) => Rows().Matches(page).Select(m => m.Value).Single(row => row.Contains(her.Id, StringComparison.Ordinal));

    private protected static string Wrong(SecondFactorApp app, Phone phone)
    {
        var near = Enumerable.Range(-2, 5).Select(steps => Totp.Code(phone.Key, Totp.StepAt(app.Time.GetUtcNow()) + steps)).ToHashSet();
        return Enumerable.Range(0, 9).Select(digit => new string((char)('0' + digit), 6)).First(code => !near.Contains(code));
    }

    private protected static byte[] KeyOn(string page)
    {
        var text = KeyShown().Match(page).Groups["key"].Value;
        Assert.Matches("^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$", text);
        var bits = string.Concat(text.Replace(" ", "", StringComparison.Ordinal).Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        Assert.Contains("secret=" + text.Replace(" ", "", StringComparison.Ordinal), page, StringComparison.Ordinal);
        return [.. bits.Chunk(8).Select(eight => Convert.ToByte(new string(eight), 2))];
    }

    private protected static List<string> RecoveryCodesOn(string page) => [.. RecoveryCodesShown().Match(page).Groups["code"].Captures.Select(c => c.Value)];

    internal sealed record Phone(byte[] Key, IReadOnlyList<string> Recovery)
    {
        public string Code(SecondFactorApp app) => Totp.Code(Key, Totp.StepAt(app.Time.GetUtcNow()));
    }

    [GeneratedRegex("<input type=\"hidden\"[^>]*>|(?<=to=)[^\"]*|(id|aria-labelledby)=\"n[0-9a-f]{8}\"")]
    private protected static partial Regex Random();

    [GeneratedRegex("<p class=\"key\"[^>]*>(?<key>[^<]*)</p>")]
    private protected static partial Regex KeyShown();

    [GeneratedRegex("<ol class=\"key\"[^>]*>(<li>(?<code>[^<]*)</li>)*</ol>")]
    private protected static partial Regex RecoveryCodesShown();

    [GeneratedRegex("<li><p class=\"row apart\">.*?</li>", RegexOptions.Singleline)]
    private protected static partial Regex Rows();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]*)\"")]
    private protected static partial Regex AntiforgeryToken();

    [GeneratedRegex("<a class=\"btn \" href=\"(?<to>[^\"]*)\">I have kept them")]
    private protected static partial Regex GoOn();
}
