using System.Globalization;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Localization;
using WalkTalk.ForcePacks;

namespace WalkTalk.Gateway.Web;

/// <summary>The language of a page: the one she chose here, else the pack's first. Never guessed from where she is.</summary>
public static class Languages
{
    internal const string Cookie = "lang";

    public static string NativeName(string language) => language == "cy" ? "Cymraeg" : "English";

    /// <summary>The same page in another language, by link.</summary>
    public static string Switch(HttpContext http, string language)
    {
        var query = http.Request.Query.Where(pair => pair.Key != Cookie).ToDictionary(pair => pair.Key, pair => pair.Value);
        query[Cookie] = language;
        return http.AskedPath() + new QueryBuilder(query).ToQueryString();
    }

    internal static void AddLanguages(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddSingleton<Texts>();
        services.Configure<RequestLocalizationOptions>(options =>
        {
            options.SetDefaultCulture("en-GB");
            options.SupportedCultures = options.SupportedUICultures = [CultureInfo.GetCultureInfo("en-GB"), CultureInfo.GetCultureInfo("cy-GB")];
            options.RequestCultureProviders = [new CustomRequestCultureProvider(http =>
            {
                var asked = http.Request.Query[Cookie].FirstOrDefault() ?? http.Request.Cookies[Cookie];
                var known = http.Pack() is { } pack && pack.Languages.Contains(asked);
                return Task.FromResult<ProviderCultureResult?>(known ? new ProviderCultureResult(asked + "-GB") : null);
            })];
        });
    }

    /// <summary>Keeps the language of a link she followed, so that the next page is in it too.</summary>
    internal static void UseLanguages(this IApplicationBuilder app)
    {
        app.UseRequestLocalization();
        app.Use((http, next) =>
        {
            if (http.Request.Query[Cookie].FirstOrDefault() is { } asked && http.Pack() is { } pack && pack.Languages.Contains(asked))
            {
                http.Response.Cookies.Append(Cookie, asked, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, Secure = http.Request.IsHttps, Path = "/" + pack.Id });
            }
            return next(http);
        });
    }
}
