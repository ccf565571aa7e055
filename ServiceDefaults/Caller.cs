using System.Security.Claims;

namespace WalkTalk.ServiceDefaults;

/// <summary>Who is acting, and for which force. One per request or message; everything a <see cref="Persistence.ServiceDb"/> reads or writes is bound to it.</summary>
public sealed class Caller
{
    /// <summary>The force of the path or of the message. Without one no row is visible.</summary>
    public string? Force { get; set; }

    /// <summary>For the audit trail: staff:{sub}, participant, public or system.</summary>
    public string Actor { get; set; } = "system";

    /// <summary>The staff member's subject identifier, else null.</summary>
    public string? Sub { get; private set; }

    /// <summary>Whether something was recorded that a request must not end without saving.</summary>
    internal bool HasAudited { get; set; }

    private ClaimsPrincipal? user;

    /// <summary>True when the caller signed in as staff.</summary>
    public bool IsStaff => Sub is not null;

    /// <summary>True when the signed-in caller has this role.</summary>
    public bool Is(string role) => user?.IsInRole(role) == true;

    /// <summary>Acts for another scope's caller.</summary>
    internal void Become(Caller other) => (Force, Actor, Sub, user) = (other.Force, other.Actor, other.Sub, other.user);

    internal void SignIn(ClaimsPrincipal principal)
    {
        Sub = principal.FindFirstValue("sub");
        user = principal;
        Actor = Sub is null ? "public" : $"staff:{Sub}";
    }
}

/// <summary>The forces this deployment knows, with the hash of their packs, so that a mixture of packs is seen.</summary>
public sealed record KnownForces(IReadOnlySet<string> Ids, string PackHash);

/// <summary>Registration of the forces.</summary>
public static class ForceExtensions
{
    /// <summary>Makes the forces known: any other force in a path is answered with 404.</summary>
    public static void AddForces(this WebApplicationBuilder builder, IEnumerable<string> ids, string packHash) =>
        builder.Services.AddSingleton(new KnownForces(ids.ToHashSet(StringComparer.Ordinal), packHash));
}
