using Microsoft.AspNetCore.Authorization;

namespace WalkTalk.Gateway.Web;

/// <summary>The page needs these services, or the built-in issuer; where one is not deployed it answers 404 and says so.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsAttribute(params string[] services) : Attribute
{
    public IReadOnlyList<string> Services { get; } = services;
}

/// <summary>Only staff who hold one of the roles, and the force of the path. Without roles: any staff of the force.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StaffPageAttribute : AuthorizeAttribute
{
    public StaffPageAttribute(params string[] roles)
    {
        Policy = "staff";
        if (roles.Length > 0)
        {
            Roles = string.Join(',', roles);
        }
    }
}
