using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Components;
using WalkTalk.ForcePacks;

namespace WalkTalk.Gateway.Web;

/// <summary>The stylesheet, the icon and the few modules, from the assembly itself: under their hash, so that they may be kept for a year.</summary>
public static class SiteFiles
{
    private const string Prefix = "wwwroot/";
    private static readonly FrozenDictionary<string, (string Hash, byte[] Bytes)> Files = Read();

    /// <summary>The address of a file of wwwroot.</summary>
    public static string Path(string name) => $"/assets/{Files[name].Hash}/{name}";

    internal static void MapAssets(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/assets/{hash}/{**name}", (string hash, string name, HttpContext http) =>
        {
            if (!Files.TryGetValue(name, out var file))
            {
                return Results.NotFound();
            }
            http.Response.Headers.CacheControl = hash == file.Hash ? "public, max-age=31536000, immutable" : "no-cache";
            if (name == "officer-worker.js")
            {
                // It lies among the assets and serves the officer pages of a force.
                http.Response.Headers["Service-Worker-Allowed"] = "/";
            }
            return Results.Bytes(file.Bytes, TypeOf(name));
        }).AllowAnonymous().ExcludeFromDescription();

        routes.MapGet("/assets/{force}/brand.css", (string force, ForcePackCatalogue packs, HttpContext http) =>
        {
            if (packs.Find(force) is not { Brand: var brand })
            {
                return Results.NotFound();
            }
            http.Response.Headers.CacheControl = "public, max-age=3600";
            return Results.Text($":root{{--force-bar:{brand.Bar};--force-on-bar:{brand.OnBar};--force-action:{brand.Action};--force-action-night:{brand.ActionNight}}}", "text/css");
        }).AllowAnonymous().ExcludeFromDescription();
    }

    private static string TypeOf(string name) => System.IO.Path.GetExtension(name) switch
    {
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        _ => "application/octet-stream",
    };

    private static FrozenDictionary<string, (string, byte[])> Read()
    {
        var assembly = typeof(SiteFiles).Assembly;
        return assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(
            name => name[Prefix.Length..].Replace('\\', '/'),
            name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                var bytes = new byte[stream.Length];
                stream.ReadExactly(bytes);
                return (Convert.ToHexStringLower(SHA256.HashData(bytes))[..12], bytes);
            });
    }
}
