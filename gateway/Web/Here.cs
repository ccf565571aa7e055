using WalkTalk.ForcePacks;

namespace WalkTalk.Gateway.Web;

/// <summary>Where the request stands: its path and its force.</summary>
public static class Here
{
    /// <summary>The path the browser shows.</summary>
    public static string AskedPath(this HttpContext http) => http.Request.PathBase + http.Request.Path;

    /// <summary>The force of the path; the only one when there is one; null where the visitor has still to choose.</summary>
    public static ForcePack? Pack(this HttpContext http)
    {
        var packs = http.RequestServices.GetRequiredService<ForcePackCatalogue>();
        var path = http.AskedPath();
        var first = path.Split('/', 3, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
        return (first is null ? null : packs.Find(first)) ?? (packs.Ids.Count == 1 ? packs.Get(packs.Ids[0]) : null);
    }
}
