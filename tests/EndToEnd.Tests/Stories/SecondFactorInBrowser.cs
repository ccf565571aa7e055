using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Playwright;
using WalkTalk.EndToEnd.Tests.Hosting;

namespace WalkTalk.EndToEnd.Tests.Stories;

/// <summary>A force that wants a second factor of everybody: set up at the first sign-in, used at the next, lost, and given anew.</summary>
public sealed class SecondFactorInBrowser(SecondFactorInBrowser.Platform platform, Chromium browser) : IClassFixture<SecondFactorInBrowser.Platform>, IClassFixture<Chromium>
{
    private const string Password = "three plain words";

    [Fact]
    public async Task Everybody_sets_up_a_phone_at_the_first_sign_in_and_whoever_loses_it_gets_in_again()
    {
        await platform.Process.Printed("/set-up/", TimeSpan.FromMinutes(1));
        var ada = await Screen.Of(browser, platform, desktop: true);
        await ada.Open(await platform.FirstAdministratorsLink());
        await ada.Fill("Name", "Ada First");
        await ada.Fill("UserName", "ada");
        await ada.Fill("Password", Password);
        await ada.Press("Create");
        await SignIn(ada, "ada");
        await SetUp(ada);
        await ada.Follow("I have kept them");
        await ada.Sees("1 of them with a second factor");
        await ada.Fill("Name", "Ana Lyst");
        await ada.Fill("UserName", "ana");
        await ada.Fill("Password", Password);
        await ada.Tick("Roles", "analyst");
        await ada.Press("Add");
        await ada.Sees("Ana Lyst");

        var ana = await Screen.Of(browser, platform);
        await ana.Open("/metropolitan/staff");
        await SignIn(ana, "ana");
        await ana.Sees("Here everybody signs in with a code");
        // What she had to give before opens nothing.
        await ana.Open("/metropolitan/staff");
        await SignIn(ana, "ana");
        await ana.Fill("Code", "no code");
        await ana.Press("Confirm");
        await ana.Sees("This is not the code of this key");
        await ana.Examine("second-factor-refused");
        var (key, codes) = await SetUp(ana);
        await ana.Follow("I have kept them");
        await ana.Sees("Hello Ana");
        await SignOut(ana);

        await ana.Open("/metropolitan/staff");
        await SignIn(ana, "ana");
        await ana.Fill("Code", "000 000");
        await ana.Press("Sign in");
        await ana.Sees("The code is wrong or was used");
        await ana.Examine("code-refused");
        await ana.Fill("Code", Code(key, stepsAhead: 1));
        await ana.Press("Sign in");
        await ana.Sees("Hello Ana");
        await ana.Follow("Your sign-in");
        await ana.Sees("Recovery codes left");
        await SignOut(ana);

        // Her phone is not at hand.
        await ana.Open("/metropolitan/staff");
        await SignIn(ana, "ana");
        await ana.Fill("RecoveryCode", codes[0]);
        await ana.Press("Sign in with it");
        await ana.Follow("Your sign-in");
        await ana.Sees("9");
        await ana.Fill("Password", Password);
        await ana.Press("Make new recovery codes");
        await ana.Sees("Print or write these down now");
        await ana.Follow("I have kept them");
        await ana.Fill("Password", Password);
        await ana.Press("Move to a new phone");
        await ana.Sees("The old phone works until");
        await ana.Press("Not now");
        await ana.Sees("since");

        // Phone and codes are lost.
        await ada.Open("/metropolitan/staff/users");
        await ada.Press("Reset second factor");
        await ada.Sees("1 of them with a second factor");
        var again = await Screen.Of(browser, platform);
        await again.Open("/metropolitan/staff");
        await SignIn(again, "ana");
        await SetUp(again);
        await again.Follow("I have kept them");
        await again.Sees("Hello Ana");
    }

    private static async Task SignIn(Screen she, string name)
    {
        await she.Fill("UserName", name);
        await she.Fill("Password", Password);
        await she.Press("Sign in");
    }

    private static Task SignOut(Screen she) => she.Page.Locator("header").GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();

    /// <summary>As an app does it: the key from the page, and a code made from it.</summary>
    private static async Task<(string Key, IReadOnlyList<string> Codes)> SetUp(Screen she)
    {
        var key = (await she.Page.Locator("p.key").InnerTextAsync()).Replace(" ", "", StringComparison.Ordinal);
        await she.Fill("Code", Code(key));
        await she.Press("Confirm");
        await she.Sees("Print or write these down now");
        return (key, await she.Page.Locator("ol.key li").AllInnerTextsAsync());
    }

    private static string Code(string key, int stepsAhead = 0)
    {
        var bits = string.Concat(key.Select(letter => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        var counter = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30 + stepsAhead);
#pragma warning disable CA5350 // What apps make codes with.
        var hash = HMACSHA1.HashData((byte[])[.. bits.Chunk(8).Select(eight => Convert.ToByte(new string(eight), 2))], counter);
#pragma warning restore CA5350
        return ((BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    public sealed class Platform : StandalonePlatform
    {
        protected override IEnumerable<string> Settings => ["--Auth:RequireSecondFactor=true"];
    }
}
