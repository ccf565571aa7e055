using Microsoft.AspNetCore.Identity;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway.Data;

namespace WalkTalk.Gateway.SignIn;

/// <summary>A person of the demonstration, to sign in as.</summary>
/// <param name="Sub">For an officer the id she has in the force pack.</param>
public sealed record DemoSignIn(string UserName, string Name, string Sub, IReadOnlyList<string> Roles, IReadOnlyList<string> Forces);

/// <summary>The sign-ins that exist with Demo:Enabled and never without.</summary>
public static class DemoSignIns
{
    /// <summary>The password of them all. Long enough to be accepted, and public.</summary>
    public const string Password = "walk-and-talk";

    /// <summary>One person per role, and the first officers of each pack.</summary>
    public static IReadOnlyList<DemoSignIn> Of(ForcePackCatalogue packs)
    {
        List<DemoSignIn> people =
        [
            new("coordinator", "Carys, coordinator", "demo-coordinator", ["coordinator"], packs.Ids),
            new("safeguarding", "Sunita, safeguarding", "demo-safeguarding", ["safeguarding"], packs.Ids),
            new("standards", "Stella, standards", "demo-standards", ["standards"], packs.Ids),
            new("analyst", "Ama, analyst", "demo-analyst", ["analyst"], packs.Ids),
            new("oversight", "Olive, oversight", "demo-oversight", ["oversight"], packs.Ids),
            new("operator", "Oona, operator", "demo-operator", ["operator"], packs.Ids),
            new("administrator", "Ada, administrator", "demo-administrator", ["administrator"], packs.Ids),
        ];
        foreach (var force in packs.Ids)
        {
            people.AddRange(packs.Get(force).Officers.Take(3).Select(officer => new DemoSignIn(
                officer.Collar.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant(), $"{officer.FirstName}, {officer.Collar}", officer.Id.ToString(), ["officer"], [force])));
        }
        return people;
    }

    internal static async Task Seed(IServiceProvider services, CancellationToken stop)
    {
        var users = services.GetRequiredService<UserManager<StaffUser>>();
        foreach (var person in Of(services.GetRequiredService<ForcePackCatalogue>()))
        {
            stop.ThrowIfCancellationRequested();
            if (await users.FindByIdAsync(person.Sub) is null)
            {
                var user = new StaffUser { Id = person.Sub, UserName = person.UserName, Name = person.Name, Roles = [.. person.Roles], Forces = [.. person.Forces], LockoutEnabled = true };
                await users.CreateAsync(user, Password);
            }
        }
    }
}
