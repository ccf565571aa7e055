using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace WalkTalk.Gateway.Pages.Walks;

/// <summary>
/// The random reference under which Feedback keeps what an officer notes on one walk: in a cookie of that walk's pages alone, encrypted, gone after two days.
/// No service and no database can tell which walk it belongs to.
/// </summary>
internal static class CaptureReference
{
    private const string Cookie = "walktalk-capture";

    public static string Of(HttpContext http, IDataProtectionProvider protection, string path)
    {
        var protector = protection.CreateProtector("captures");
        if (http.Request.Cookies[Cookie] is { } kept)
        {
            try
            {
                return protector.Unprotect(kept);
            }
            catch (CryptographicException)
            {
                // Another master key by now: what was noted stays where it is, a new reference begins.
            }
        }
        var fresh = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        http.Response.Cookies.Append(Cookie, protector.Protect(fresh), Options(http, path));
        return fresh;
    }

    public static void Forget(HttpContext http, string path) => http.Response.Cookies.Delete(Cookie, Options(http, path));

    /// <summary>Makes a call in a trace of its own: the page's trace names the walk.</summary>
    public static async Task<T> Apart<T>(Func<Task<T>> call)
    {
        var page = Activity.Current;
        Activity.Current = null;
        try
        {
            return await call();
        }
        finally
        {
            Activity.Current = page;
        }
    }

    private static CookieOptions Options(HttpContext http, string path) => new()
    {
        Path = path, HttpOnly = true, IsEssential = true, Secure = http.Request.IsHttps, SameSite = SameSiteMode.Strict, MaxAge = TimeSpan.FromDays(2),
    };
}
