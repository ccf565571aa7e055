using WalkTalk.Gateway.SignIn;

namespace WalkTalk.Gateway.Entry;

/// <summary>What every answer tells the browser to refuse: scripts and styles that are not ours, frames, sniffing, and keeping pages.</summary>
internal static class SecurityHeaders
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    private const string Sandbox = "default-src 'none'; sandbox";

    public static void UseSecurityHeaders(this WebApplication app)
    {
        // A form that ends at a force's own provider is redirected there, and browsers ask form-action about redirects too.
        var configuration = app.Configuration;
        var policy = StaffSignIn.IsBuiltIn(configuration) ? Policy : $"{Policy} {new Uri(configuration["Auth:Authority"]!).GetLeftPart(UriPartial.Authority)}";
        app.Use((http, next) =>
        {
            http.Response.OnStarting(() =>
            {
                var headers = http.Response.Headers;
                // A service may forbid more: a picture of a stranger's making is drawn and nothing else.
                if (headers.ContentSecurityPolicy != Sandbox)
                {
                    headers.ContentSecurityPolicy = policy;
                }
                headers.XContentTypeOptions = "nosniff";
                // The address of a page can hold her secret: no other site is told it.
                headers.TryAdd("Referrer-Policy", "same-origin");
                headers["Permissions-Policy"] = "geolocation=(self), camera=(self), microphone=(), payment=(), usb=()";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
                if (http.Request.IsHttps)
                {
                    headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
                }
                if (headers.CacheControl.Count == 0)
                {
                    headers.CacheControl = "no-store";
                }
                return Task.CompletedTask;
            });
            return next(http);
        });
    }
}
