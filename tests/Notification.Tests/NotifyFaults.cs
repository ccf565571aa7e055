using Microsoft.AspNetCore.Http;

namespace WalkTalk.Notification.Tests;

/// <summary>How GOV.UK Notify misbehaves at one call. What "takes" has the mail and its caller does not hear of it.</summary>
public enum NotifyFault { Says400, Says403, Says404, Says500, Says502, Says200, RateLimit, DailyLimit, Redirects, Drops, Hangs, Unreadable, TakesAndSays500, TakesAndDrops, TakesAndHangs }

/// <summary>What each fault looks like to whoever calls.</summary>
internal static class NotifyFaults
{
    public static async Task<bool> Strikes(HttpContext http, NotifyFault? fault, string to)
    {
        var answer = fault switch
        {
            NotifyFault.Says400 => No(http, 400, "BadRequestError", $"Can't send to {to} using a team-only API key"),
            NotifyFault.Says403 => No(http, 403, "AuthError", "Invalid token: API key not found"),
            NotifyFault.Says404 => No(http, 404, "NoResultFound", "No result found"),
            NotifyFault.Says500 => No(http, 500, "Exception", "Internal server error"),
            NotifyFault.Says502 => Text(http, 502, "<html>Bad gateway</html>"),
            NotifyFault.Says200 => Text(http, 200, "<html>Please sign in to this network</html>"),
            NotifyFault.Unreadable => Text(http, 200, "{\"notifications\":[{\"reference\":\"somebody else's\"}"),
            NotifyFault.RateLimit => No(http, 429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
            NotifyFault.DailyLimit => No(http, 429, "TooManyRequestsError", "Exceeded send limits (250000) for today"),
            NotifyFault.Redirects => Redirect(http),
            NotifyFault.Drops => Drop(http),
            NotifyFault.Hangs => Hang(http),
            _ => null,
        };
        if (answer is not null) await answer;
        return answer is not null;
    }

    public static Task No(HttpContext http, int status, string error, string message)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { errors = new[] { new { error, message } }, status_code = status });
    }

    private static Task Text(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsync(text);
    }

    private static Task Redirect(HttpContext http)
    {
        http.Response.Redirect("http://127.0.0.1:1/");
        return Task.CompletedTask;
    }

    private static Task Drop(HttpContext http)
    {
        http.Abort();
        return Task.CompletedTask;
    }

    public static async Task Hang(HttpContext http)
    {
        try
        {
            await Task.Delay(TimeSpan.FromMinutes(2), http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller has given up.
        }
    }
}
