using WalkTalk.ForcePacks;

namespace WalkTalk.Gateway.Entry;

/// <summary>“Leave this site”: to an everyday page, with nothing of ours left behind.</summary>
internal static class QuickExit
{
    public static void MapQuickExit(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/leave/{force}", (string force, ForcePackCatalogue packs, HttpContext http) =>
        {
            if (packs.Find(force) is not { } pack)
            {
                return Results.NotFound();
            }
            // Pages are never cached, so there is no cache to clear; browsers take seconds over it, and she has none.
            http.Response.Headers["Clear-Site-Data"] = "\"cookies\", \"storage\"";
            http.Response.Headers.CacheControl = "no-store";
            http.Response.Headers["Referrer-Policy"] = "no-referrer";
            return Results.Redirect(pack.ExitUrl.ToString());
        }).AllowAnonymous().ExcludeFromDescription();
}
