using System.Security.Claims;

namespace WalkTalk.Gateway.Web;

/// <summary>An entry of the navigation.</summary>
/// <param name="Path">Below the force.</param>
/// <param name="Text">A key of the shared texts.</param>
/// <param name="Service">Shown only where this service is deployed, or one of several parted by a blank; null: always.</param>
/// <param name="Roles">Staff roles that see it; empty: everybody.</param>
public sealed record MenuEntry(string Path, string Text, string? Service, params string[] Roles)
{
    /// <summary>What one does there, for its door on the start page of staff.</summary>
    public string? Why { get; init; }

    /// <summary>The words of the door's link.</summary>
    public string? Open { get; init; }
}

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
        new("/staff/board", "Board", "feedback", "coordinator")
            { Why = "Every concern with its clock, least time first. Give it an owner, agree an action, or say no with a reason.", Open = "Open the board" },
        new("/staff/type-in", "Type in", "feedback", "coordinator")
            { Why = "For a woman who phoned, wrote on paper or told a partner. It goes the way of everything else.", Open = "Type it in" },
        new("/staff/stuck", "Stuck", "feedback", "coordinator", "oversight")
            { Why = "What does not move: a day that has passed, a clock that has run out, and why.", Open = "See what is stuck" },
        new("/staff/walks", "Walks", "booking", "coordinator")
            { Why = "Publish walks for the weeks ahead, also after dark, and see who is coming.", Open = "See the walks" },
        new("/staff/officers", "Officers", "booking", "coordinator")
            { Why = "When each of them can walk and when she is away. The weeks ahead are planned from it.", Open = "See the officers" },
        new("/staff/requests", "Requests", "booking", "coordinator")
            { Why = "Women who found no walk that suits them and asked for one. Each waits for an answer.", Open = "See the requests" },
        new("/staff/alerts", "Alerts", "booking", "coordinator")
            { Why = "A meeting that did not match, a walk that is overdue. Each one waits for you.", Open = "See the alerts" },
        new("/staff/actions", "Actions", "feedback", "coordinator", "oversight")
            { Why = "What was promised, by whom and by when. Say when it is done; women say whether it is.", Open = "See the actions" },
        new("/staff/promises", "Promises", "feedback", "coordinator", "oversight")
            { Why = "What officers promised on walks: each becomes an action or is answered.", Open = "See the promises" },
        new("/officer", "My walks", "booking", "officer")
            { Why = "Today's walks. Prove who you are, start, note a stop, end.", Open = "Open your day" },
        new("/staff/disclosures", "Disclosures", "feedback", "safeguarding", "standards")
            { Why = "Sealed. Each has a 24 hour clock from the moment it arrived. Every look is recorded.", Open = "Open the list" },
        new("/staff/photos", "Photos", "feedback", "safeguarding")
            { Why = "Nobody local sees a photo before it is checked: for faces, number plates and what no text said.", Open = "See what waits" },
        new("/staff/standards", "Standards", "feedback", "standards")
            { Why = "What women say about police conduct. Nobody in the officer's own chain sees that it exists.", Open = "Open the list" },
        new("/staff/figures", "Live figures", "reporting", "coordinator", "analyst", "oversight")
            { Why = "From telling to done, as it stands this minute. Not for publication.", Open = "See the figures" },
        new("/staff/releases", "Releases", "reporting", "analyst")
            { Why = "A quarter for the public, frozen, with small numbers withheld. Look at it first, then make it.", Open = "See the releases" },
        new("/staff/messages", "Messages", "notification", "operator", "coordinator", "administrator", "oversight")
            { Why = "Messages to people and what became of them. No address and no word of them is shown.", Open = "See the messages" },
        new("/staff/operations", "Operations", null, "operator")
            { Why = "Health, what waits in the outbox, and messages that need a person. No personal data.", Open = "See how it runs" },
        new("/staff/retention", "Retention", "booking feedback", "administrator", "oversight")
            { Why = "What goes, and when; what a law or a court holds back.", Open = "See what is kept" },
        new("/staff/audit", "Audit trail", null, "oversight")
            { Why = "Who changed what, and who read what is personal, of every service; to check without us.", Open = "Read the trail" },
        new("/staff/users", "Users", null, "administrator")
            { Why = "Who may sign in, with which roles.", Open = "See the users" },
        new("/staff/your-sign-in", "Your sign-in", ServiceDirectory.Issuer)
            { Why = "A code from your phone beside your password: whoever learns the password alone stays out.", Open = "Open your sign-in" },
    ];

    public static IEnumerable<MenuEntry> For(this IEnumerable<MenuEntry> menu, ClaimsPrincipal user, Services services) =>
        menu.Where(entry => (entry.Service is null || entry.Service.Split(' ').Any(services.Has)) && (entry.Roles.Length == 0 || entry.Roles.Any(user.IsInRole)));
}
