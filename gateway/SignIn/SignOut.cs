using Microsoft.AspNetCore.Authentication;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Gateway.SignIn;

/// <summary>Ends the session here and the proof at the built-in issuer. A form with antiforgery: no other site can sign her out.</summary>
internal static class SignOut
{
    public static void MapSignOut(this IEndpointRouteBuilder routes) => routes.MapPost("/sign-out", async (HttpContext http, IConfiguration configuration, [Microsoft.AspNetCore.Mvc.FromForm] string? from) =>
    {
        await http.SignOutAsync(StaffSignIn.Session);
        if (StaffSignIn.IsBuiltIn(configuration))
        {
            foreach (var scheme in new[] { Issuer.Proof, Issuer.PasswordOnly, Issuer.NewKey })
            {
                await http.SignOutAsync(scheme);
            }
        }
        // What an officer's phone has kept goes with her session: pages, notes, the worker that serves them.
        http.Response.Headers["Clear-Site-Data"] = "\"storage\"";
        return Results.LocalRedirect("/");
    })
        // Open to anybody, signed in or not; the policy only keeps the fallback's from replacing who she is, which antiforgery asks.
        .Public().RequireAuthorization("staff").ExcludeFromDescription();
}
