using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Gateway.Web;

/// <summary>A page of one force: <c>@page "/{Force}/…"</c> with <c>@inherits ForcePage</c>.</summary>
public abstract class ForcePage : ComponentBase
{
    private FormState? form;

    /// <summary>The force's id in the path; known to exist before the page runs.</summary>
    [Parameter] public string Force { get; set; } = "";

    [CascadingParameter] protected HttpContext Http { get; set; } = null!;
    [Inject] protected ForcePackCatalogue Packs { get; set; } = null!;
    [Inject] protected NavigationManager Navigation { get; set; } = null!;
    [Inject] protected TimeProvider Time { get; set; } = null!;
    [Inject] protected Services Services { get; set; } = null!;
    [Inject] private IConfiguration Configuration { get; set; } = null!;
    [Inject] private Texts Texts { get; set; } = null!;

    protected ServiceClient Booking => Services.For("booking", Force);
    protected ServiceClient Feedback => Services.For("feedback", Force);
    protected ServiceClient Notification => Services.For("notification", Force);
    protected ServiceClient Reporting => Services.For("reporting", Force);

    /// <summary>A mobile number is a contact here.</summary>
    protected bool TextsSent => TextMessages.AreSent(Configuration);

    protected ForcePack Pack => Packs.Get(Force);

    /// <summary>The texts of this page's folder: <c>@T["Find a walk"]</c>.</summary>
    [field: MaybeNull] protected IStringLocalizer T => field ??= Texts.Of(GetType().Namespace!);

    /// <summary>What was sent, and what is wrong with it.</summary>
    protected FormState Form => form ??= new FormState(Http.Request.HasFormContentType ? Http.Request.Form : null, text => T[text] is { ResourceNotFound: false } found ? found : Texts.Shared[text]);

    /// <summary>A value of the query string; null when missing or blank.</summary>
    protected string? Query(string name) => Http.Request.Query.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.ToString().Trim() : null;

    protected IReadOnlyList<string> QueryAll(string name) => [.. Http.Request.Query[name].Where(value => !string.IsNullOrEmpty(value)).Select(value => value!)];

    /// <summary>A path of this force: <c>Url("/walks")</c>.</summary>
    protected string Url(string path) => $"/{Force}{path}";

    /// <summary>Leaves this page for another one of this force: after every successful POST.</summary>
    protected void Go(string path) => Navigation.NavigateTo(Url(path));

    /// <summary>Answers 404 instead of this page, or 503 when the service behind it does not answer.</summary>
    protected void Missing<T>(Answer<T> answer)
    {
        if (answer.Problem is { Status: 404 or 410 } or null)
        {
            Navigation.NotFound();
            return;
        }
        Http.Items[Entry.PageWalls.Refused] = (answer.Problem.Type, answer.Problem.Status);
        Navigation.NotFound();
    }

    /// <summary>A moment on this force's clock.</summary>
    protected DateTimeOffset Local(DateTimeOffset moment) => Pack.Local(moment);

    protected DateOnly Today => Pack.Today(Time.GetUtcNow());

    /// <summary>Tuesday 24 November 2026, in the page's language.</summary>
    protected static string LongDay(DateOnly day) => day.ToString("dddd d MMMM yyyy", System.Globalization.CultureInfo.CurrentCulture);

    /// <summary>24 November 2026.</summary>
    protected static string Day(DateOnly day) => day.ToString("d MMMM yyyy", System.Globalization.CultureInfo.CurrentCulture);

    /// <summary>Tue 24 Nov, 18:30, on this force's clock.</summary>
    protected string ShortTime(DateTimeOffset moment) => Local(moment).ToString("ddd d MMM, HH:mm", System.Globalization.CultureInfo.CurrentCulture);

    /// <summary>18:30, on this force's clock.</summary>
    protected string TimeOfDay(DateTimeOffset moment) => Local(moment).ToString("HH:mm", System.Globalization.CultureInfo.InvariantCulture);
}
