using System.Text.RegularExpressions;
using WalkTalk.Fixtures;

namespace WalkTalk.Gateway.Tests;

/// <summary>The one field for her contact: an address, and a number where text messages are sent.</summary>
public sealed class ContactTests(ContactTests.Sending sending, GatewayApp.Sqlite without) : IClassFixture<ContactTests.Sending>, IClassFixture<GatewayApp.Sqlite>
{
    private const string Page = "/metropolitan/request-walk", Right = "Enter your e-mail, for example amina@example.org, or your UK mobile number, for example 07700 900123";

    private static string Field(Browser browser, string name) => Regex.Match(browser.Page, $"<input[^>]*name=\"{name}\"[^>]*>").Value;

    [Fact]
    public async Task Where_texts_are_sent_it_takes_a_number_and_says_so()
    {
        using var browser = sending.Browse();
        await browser.Open(Page);
        Assert.Contains("Your e-mail or UK mobile number", browser.Page, StringComparison.Ordinal);
        Assert.Contains("Her or his e-mail or UK mobile number", browser.Page, StringComparison.Ordinal);
        foreach (var attribute in new[] { "type=\"text\"", "inputmode=\"email\"", "autocomplete=\"email\"", "autocapitalize=\"none\"" })
            Assert.Contains(attribute, Field(browser, "Email"), StringComparison.Ordinal);
        Assert.Contains("autocomplete=\"off\"", Field(browser, "GuardianEmail"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("020 7946 0123")]
    [InlineData("07700 90012")]
    [InlineData("amina")]
    public async Task What_is_neither_stays_in_the_field_with_what_would_be_right_beside_it(string typed)
    {
        using var browser = sending.Browse();
        await browser.Open(Page);
        await browser.Submit("main", ("FirstName", "Amina"), ("Email", typed), ("Under18", "true"), ("GuardianName", "Zahra"), ("GuardianEmail", typed));
        Assert.Contains($"<a href=\"#f-Email\">{Right}</a>", browser.Page, StringComparison.Ordinal);
        Assert.Contains("<a href=\"#f-GuardianEmail\">Enter the e-mail or UK mobile number of your parent or guardian", browser.Page, StringComparison.Ordinal);
        Assert.Contains($"value=\"{typed}\"", Field(browser, "Email"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("07700 900123")]
    [InlineData("amina@example.org")]
    public async Task What_is_right_reaches_Booking(string typed)
    {
        using var browser = sending.Browse();
        await browser.Open(Page);
        sending.BookingRefuses = "starting";
        await browser.Submit("main", ("FirstName", "Amina"), ("Email", typed));
        Assert.DoesNotContain("#f-Email", browser.Page, StringComparison.Ordinal);
        Assert.Contains("role=\"alert\"", browser.Page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_none_are_sent_it_is_an_address_as_before()
    {
        using var browser = without.Browse();
        await browser.Open(Page);
        Assert.DoesNotContain("mobile number", browser.Page, StringComparison.Ordinal);
        Assert.Contains("type=\"email\"", Field(browser, "Email"), StringComparison.Ordinal);
        await browser.Submit("main", ("FirstName", "Amina"), ("Email", "07700 900123"));
        Assert.Contains("<a href=\"#f-Email\">Enter your e-mail, for example amina@example.org</a>", browser.Page, StringComparison.Ordinal);
    }

    public sealed class Sending() : GatewayApp(TestOn.OneProcess)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Contact:Sms", "true")];
    }
}
