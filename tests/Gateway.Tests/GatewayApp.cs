using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using WalkTalk.Fixtures;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway.Data;
using WalkTalk.Gateway.SignIn;

namespace WalkTalk.Gateway.Tests;

/// <summary>The gateway in its real host, before one service elsewhere: a Booking that tells what reached it.</summary>
public abstract class GatewayApp(TestOn on) : ServiceApp(on, GatewayService.Module), IAsyncLifetime
{
    private WebApplication? booking;

    /// <summary>The problem with which Booking answers everything for now; null lets it echo.</summary>
    public string? BookingRefuses { get; set; }

    public sealed class Sqlite() : GatewayApp(TestOn.OneProcess);

    public sealed class Postgres() : GatewayApp(TestOn.PostgresAndRabbit);

    /// <summary>Few tries, to see what happens after them.</summary>
    public sealed class Strict() : GatewayApp(TestOn.OneProcess)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Limits:SensitivePerMinute", "6")];
    }

    /// <summary>Feedback is elsewhere too.</summary>
    public sealed class Telling() : GatewayApp(TestOn.OneProcess)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Services:feedback:http:0", Elsewhere)];
    }

    /// <summary>Nobody is there yet.</summary>
    public sealed class Fresh() : GatewayApp(TestOn.OneProcess)
    {
        protected override IEnumerable<(string Key, string? Value)> Settings() => [.. base.Settings(), ("Demo:Enabled", "false")];
    }

    /// <summary>Two forces, the second with the first one's data.</summary>
    public sealed class TwoForces() : GatewayApp(TestOn.OneProcess)
    {
        public const string OtherForce = "west-mercia";

        protected override IEnumerable<(string Key, string? Value)> Settings()
        {
            var packs = Path.Combine(AppContext.BaseDirectory, "two-forces");
            foreach (var force in (string[])[Force, OtherForce])
            {
                var folder = Directory.CreateDirectory(Path.Combine(packs, force)).FullName;
                foreach (var file in Directory.GetFiles(Path.Combine(ForcePackCatalogue.DefaultFolder, Force)))
                {
                    File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)), File.ReadAllText(file).Replace($"\"id\": \"{Force}\"", $"\"id\": \"{force}\"", StringComparison.Ordinal));
                }
            }
            return [.. base.Settings(), ("ForcePacks:Folder", packs)];
        }
    }

    /// <summary>Where the service elsewhere answers.</summary>
    protected string Elsewhere => booking!.Urls.First();

    protected override IEnumerable<(string Key, string? Value)> Settings() =>
    [
        ("Services:booking:http:0", Elsewhere),
        ("Demo:Enabled", "true"),
        ("Limits:SensitivePerMinute", "1000"),
        ("Cors:Origins:0", "https://app.example"),
    ];

    // Tokens are checked against the real clock.
    protected override void Customise(IServiceCollection services) => services.RemoveAll<TimeProvider>().AddSingleton(TimeProvider.System);

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        booking = builder.Build();
        booking.MapGet("/health", () => Results.Json(new { status = "Healthy", version = "9.9.9" }));
        booking.MapGet("/openapi/booking.json", () => Results.Json(new { openapi = "3.1.1" }));
        booking.MapGet("/v1/{force}/officer-calendar.ics", (string force, HttpContext http) => BookingRefuses is { } problem ? Results.Problem(statusCode: 503, type: "urn:walktalk:problem:" + problem)
            : force == "metropolitan" && http.Request.Headers.Authorization == "Calendar hers" ? Results.Text("BEGIN:VCALENDAR\r\nX-COOKIES:" + http.Request.Headers.Cookie + "\r\nEND:VCALENDAR\r\n", "text/calendar; charset=utf-8")
            : Results.Problem(statusCode: 401, type: "urn:walktalk:problem:calendar-unknown"));
        booking.Map("/v1/{**rest}", (HttpContext http) => BookingRefuses is { } problem
            ? Results.Problem(statusCode: 503, type: "urn:walktalk:problem:" + problem, title: "For an operator", detail: "The database cannot answer.")
            : http.Request.Path.Value!.EndsWith("/staff-only", StringComparison.Ordinal) && http.Request.Headers.Authorization.Count == 0
            ? Results.Problem(statusCode: 401)
            : Results.Json(new Echo(http.Request.Method, http.Request.Path, http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString()))));
        await booking.StartAsync();
        await InitializeAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await booking!.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>What the service elsewhere was sent.</summary>
    public sealed record Echo(string Method, string Path, Dictionary<string, string> Headers);

    /// <summary>The refresh token of somebody's newest session, which no browser ever sees.</summary>
    internal Task<string> RefreshTokenOf(string sub) => Db<GatewayDb, string>(async db =>
    {
        var sessions = await db.Sessions.AsNoTracking().Where(s => s.Sub == sub).ToListAsync();
        var ticket = TicketSerializer.Default.Deserialize(Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("sessions").Unprotect(sessions[^1].Ticket))!;
        return ticket.Properties.GetTokenValue("refresh_token")!;
    });

    /// <summary>The built-in issuer renews a session by this token.</summary>
    internal async Task<bool> Refreshes(string token)
    {
        using var client = Client();
        using var form = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("client_id", "walktalk-web"), new("refresh_token", token)]);
        return (await client.PostAsync("/connect/token", form, TestContext.Current.CancellationToken)).IsSuccessStatusCode;
    }

    /// <summary>A browser without script: cookies, redirects, forms.</summary>
    internal Browser Browse() => new(Address);
}

/// <summary>A browser without script.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient http;

    public Browser(Uri address) => http = new HttpClient(new HttpClientHandler { CookieContainer = Cookies, AllowAutoRedirect = true }) { BaseAddress = address };

    public CookieContainer Cookies { get; } = new();
    public HttpResponseMessage Last { get; private set; } = null!;
    public string Page { get; private set; } = "";
    public Uri Where => Last.RequestMessage!.RequestUri!;

    public async Task<string> Open(string path) => await Take(await http.GetAsync(path));

    public Task<HttpResponseMessage> Send(HttpRequestMessage request) => http.SendAsync(request);

    /// <summary>Sends the form of this page, with its hidden fields.</summary>
    public async Task<string> Submit(string handler, params (string Name, string Value)[] values)
    {
        var form = Forms().Matches(Page).Select(m => m.Value).Single(f => f.Contains($"value=\"{handler}\"", StringComparison.Ordinal));
        var hidden = HiddenFields().Matches(form).ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        using var content = new FormUrlEncodedContent([.. hidden, .. values.Select(v => KeyValuePair.Create(v.Name, v.Value))]);
        return await Take(await http.PostAsync(Where, content));
    }

    /// <summary>Signs in as a person of the demonstration and ends at the staff page.</summary>
    public async Task SignIn(string user, string password = DemoSignIns.Password)
    {
        await Open("/metropolitan/staff");
        await Submit("main", ("UserName", user), ("Password", password));
    }

    public async Task SignOut()
    {
        var form = Forms().Matches(Page).Select(m => m.Value).Single(f => f.Contains("/sign-out", StringComparison.Ordinal));
        using var content = new FormUrlEncodedContent(HiddenFields().Matches(form).Select(m => KeyValuePair.Create(m.Groups["name"].Value, m.Groups["value"].Value)));
        await Take(await http.PostAsync("/sign-out", content));
    }

    private async Task<string> Take(HttpResponseMessage answer)
    {
        Last = answer;
        return Page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
    }

    public void Dispose() => http.Dispose();

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Forms();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"")]
    private static partial Regex HiddenFields();
}
