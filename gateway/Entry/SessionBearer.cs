using Microsoft.AspNetCore.Authentication;
using Microsoft.Net.Http.Headers;
using WalkTalk.Gateway.SignIn;

namespace WalkTalk.Gateway.Entry;

/// <summary>
/// A call to /api from a page of ours: the session's cookie becomes a bearer token and goes no further. Another site can make a browser
/// send the cookie, so a change is trusted only when the browser says that it came from here.
/// </summary>
internal static class SessionBearer
{
    public static void UseSessionBearer(this WebApplication app) => app.Use(async (http, next) =>
    {
        var request = http.Request;
        if (request.Path.StartsWithSegments("/api") && request.Headers.Cookie.Count > 0)
        {
            if (request.Headers.Authorization.Count == 0 && IsOurs(request)
                && (await http.AuthenticateAsync(StaffSignIn.Session)).Properties?.GetTokenValue("access_token") is { } token)
            {
                request.Headers.Authorization = "Bearer " + token;
            }
            request.Headers.Remove(HeaderNames.Cookie);
        }
        await next(http);
    });

    private static bool IsOurs(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)
        || request.Headers["Sec-Fetch-Site"] == "same-origin"
        || (request.Headers["Sec-Fetch-Site"].Count == 0 && request.Headers.Origin == $"{request.Scheme}://{request.Host}");
}
