using WalkTalk.Gateway.Web;

namespace WalkTalk.Gateway.Pages.Walks;

/// <summary>Her walk for her calendar, by her link (<c>/{force}/my-walk/{secret}/walk.ics</c>), and an officer's walks for hers (<c>/{force}/calendar/{secret}/walks.ics</c>).</summary>
public static class CalendarFile
{
    public static void MapCalendarFile(this IEndpointRouteBuilder routes)
    {
        Map("/{force}/my-walk/{secret}/walk.ics", "Link", "/my-walk/calendar.ics", "walk.ics");
        Map("/{force}/calendar/{secret}/walks.ics", "Calendar", "/officer-calendar.ics", "walks.ics");

        void Map(string path, string scheme, string file, string name) => routes.MapGet(path, async (string force, string secret, Services services, HttpContext http) =>
        {
            var answer = await services.For("booking", force).As(scheme, secret).Get<string>(file);
            http.Response.Headers.CacheControl = "no-store";
            return answer.Value is { } text
                ? Results.File(System.Text.Encoding.UTF8.GetBytes(text), "text/calendar; charset=utf-8", name)
                // "Not there" ends a subscription in some calendars: a service that is away for a moment must not say it.
                : answer.Problem is { Status: >= 500 or 429 } ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable) : Results.NotFound();
        }).AllowAnonymous().ExcludeFromDescription();
    }
}
