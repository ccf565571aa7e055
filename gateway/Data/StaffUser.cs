using Microsoft.AspNetCore.Identity;

namespace WalkTalk.Gateway.Data;

/// <summary>A member of staff of the built-in issuer. She may work for several forces and belongs to none of them alone.</summary>
public sealed class StaffUser : IdentityUser
{
    /// <summary>The name others see.</summary>
    public string Name { get; set; } = "";

    /// <summary>Roles, as the token carries them.</summary>
    public List<string> Roles { get; set; } = [];

    /// <summary>Forces whose data she may see.</summary>
    public List<string> Forces { get; set; } = [];

    /// <summary>False ends her sessions within minutes: the next refresh is refused.</summary>
    public bool Active { get; set; } = true;
}

/// <summary>A browser's session. The browser holds only its id; the tokens never leave the server.</summary>
public sealed class Session
{
    /// <summary>SHA-256 of the id in the cookie.</summary>
    public required byte[] Id { get; init; }
    public required string Sub { get; init; }
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>The ticket with its tokens, protected.</summary>
    public required byte[] Ticket { get; set; }
}
