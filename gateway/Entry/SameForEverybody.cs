using System.Globalization;
using Microsoft.AspNetCore.OutputCaching;
using WalkTalk.Gateway.Web;

namespace WalkTalk.Gateway.Entry;

/// <summary>
/// Pages that are the same for everybody are made at most once in two seconds, however many look: on the day the news names the scheme, all of a city does.
/// Whoever carries a cookie other than her language has begun something here, or is staff, and always sees the newest. Browsers and proxies keep nothing.
/// </summary>
/// <remarks>Only for pages without a form (it would be kept for nobody, and those who ask for it would wait for each other) whose address holds no secret: <c>[OutputCache(PolicyName = SameForEverybody.Name)]</c>.</remarks>
internal static class SameForEverybody
{
    public const string Name = "same-for-everybody";

    private const long Most = 32 * 1024 * 1024; // bytes of all pages kept
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    // What sets a cookie (a form, a change of language), says no, or knows the caller is kept by no rule of the framework's.
    public static void AddSameForEverybody(this IServiceCollection services) => services.AddOutputCache(cache =>
    {
        cache.SizeLimit = Most;
        cache.AddPolicy(Name, page => page.With(asked => asked.HttpContext.Request.Cookies.All(c => c.Key == Languages.Cookie)).Expire(Fresh).VaryByValue(_ => new("language", CultureInfo.CurrentUICulture.Name)));
    });
}
