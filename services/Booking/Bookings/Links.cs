using Microsoft.EntityFrameworkCore;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>A participant proves herself by a secret in the Authorization header: "Hold …" while she books, "Link …" for her page.</summary>
internal static class Links
{
    /// <summary>The booking the secret opens for that purpose in this force, or null. From then on she is the one who acts.</summary>
    public static async Task<Booking?> Open(this BookingDb db, string? authorization, LinkPurpose purpose, CancellationToken ct)
    {
        var scheme = purpose == LinkPurpose.Hold ? "Hold " : "Link ";
        if (authorization is null || authorization.Length > 200 || !authorization.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)) return null;
        var hash = Secrets.HashOf(authorization[scheme.Length..].Trim());
        var booking = await db.BookingLinks.Where(l => l.Hash == hash && l.Purpose == purpose)
            .Join(db.Bookings, l => l.BookingId, b => b.Id, (_, b) => b).SingleOrDefaultAsync(ct);
        if (booking is not null) db.Caller.Actor = "participant";
        return booking;
    }
}
