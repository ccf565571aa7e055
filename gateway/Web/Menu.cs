using System.Security.Claims;

namespace WalkTalk.Gateway.Web;

/// <summary>An entry of the navigation.</summary>
/// <param name="Path">Below the force.</param>
/// <param name="Text">A key of the shared texts.</param>
/// <param name="Service">Shown only where this service is deployed; null: always.</param>
/// <param name="Roles">Staff roles that see it; empty: everybody.</param>
public sealed record MenuEntry(string Path, string Text, string? Service, params string[] Roles);

/// <summary>Which pages are offered to whom. The walls are at the pages; this only keeps dead ends away.</summary>
public static class Menu
{
    public static readonly IReadOnlyList<MenuEntry> Public =
    [
        new("/walks", "Book a walk", "booking"),
        new("/check", "Check an officer", "booking"),
        new("/tell-us", "Tell us", "feedback"),
        new("/reference", "Your reference", "feedback"),
        new("/done", "What was done", "feedback"),
        new("/figures", "Figures", "reporting"),
    ];

    public static readonly IReadOnlyList<MenuEntry> Staff =
    [
        new("/staff", "Start", null),
        new("/staff/board", "Board", "feedback", "coordinator"),
        new("/staff/type-in", "Type in", "feedback", "coordinator"),
        new("/staff/stuck", "Stuck", "feedback", "coordinator", "oversight"),
        new("/staff/walks", "Walks", "booking", "coordinator"),
        new("/staff/officers", "Officers", "booking", "coordinator"),
        new("/staff/requests", "Requests", "booking", "coordinator"),
        new("/staff/alerts", "Alerts", "booking", "coordinator"),
        new("/staff/actions", "Actions", "feedback", "coordinator", "oversight"),
        new("/staff/promises", "Promises", "feedback", "coordinator", "oversight"),
        new("/officer", "My walks", "booking", "officer"),
        new("/staff/disclosures", "Disclosures", "feedback", "safeguarding", "standards"),
        new("/staff/photos", "Photos", "feedback", "safeguarding"),
        new("/staff/standards", "Standards", "feedback", "standards"),
        new("/staff/figures", "Live figures", "reporting", "coordinator", "analyst", "oversight"),
        new("/staff/releases", "Releases", "reporting", "analyst"),
        new("/staff/messages", "Messages", "notification", "operator", "administrator"),
        new("/staff/operations", "Operations", null, "operator"),
        // One page for whichever of them there are.
        new("/staff/retention", "Retention", "booking", "administrator", "oversight"),
        new("/staff/retention", "Retention", "feedback", "administrator", "oversight"),
        new("/staff/audit", "Audit trail", null, "oversight"),
        new("/staff/users", "Users", null, "administrator"),
        new("/staff/your-sign-in", "Your sign-in", null),
    ];

    public static IEnumerable<MenuEntry> For(this IEnumerable<MenuEntry> menu, ClaimsPrincipal user, Services services) =>
        menu.Where(entry => (entry.Service is null || services.Has(entry.Service)) && (entry.Roles.Length == 0 || entry.Roles.Any(user.IsInRole))).DistinctBy(entry => entry.Path);
}
