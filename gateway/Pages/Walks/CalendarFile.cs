using WalkTalk.Gateway.Web;

namespace WalkTalk.Gateway.Pages.Walks;

/// <summary>Her walk for her calendar, by her link: <c>/{force}/my-walk/{secret}/walk.ics</c>.</summary>
public static class CalendarFile
{
    public static void MapCalendarFile(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/{force}/my-walk/{secret}/walk.ics", async (string force, string secret, Services services, HttpContext http) =>
        {
            var answer = await services.For("booking", force).As("Link", secret).Get<string>("/my-walk/calendar.ics");
            http.Response.Headers.CacheControl = "no-store";
            return answer.Value is { } file
                ? Results.File(System.Text.Encoding.UTF8.GetBytes(file), "text/calendar; charset=utf-8", "walk.ics")
                : Results.NotFound();
        }).AllowAnonymous().ExcludeFromDescription();
}
