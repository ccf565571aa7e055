using Microsoft.AspNetCore.Diagnostics;
using WalkTalk.ForcePacks;

namespace WalkTalk.Gateway.Web;

/// <summary>Where the request stands: its force, also on an error page that stands in for the page asked for.</summary>
public static class Here
{
    /// <summary>The path the browser shows, whatever page is rendered for it.</summary>
    public static string AskedPath(this HttpContext http) =>
        http.Features.Get<IStatusCodeReExecuteFeature>() is { } again ? again.OriginalPathBase + again.OriginalPath
        : http.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? http.Request.PathBase + http.Request.Path;

    /// <summary>The force of the path; the only one when there is one; null where the visitor has still to choose.</summary>
    public static ForcePack? Pack(this HttpContext http)
    {
        var packs = http.RequestServices.GetRequiredService<ForcePackCatalogue>();
        var path = http.AskedPath();
        var first = path.Split('/', 3, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return (first is null ? null : packs.Find(first)) ?? (packs.Ids.Count == 1 ? packs.Get(packs.Ids[0]) : null);
    }
}
