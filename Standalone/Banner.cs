using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WalkTalk.Contracts.Feedback;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway.SignIn;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Standalone;

/// <summary>What a person needs to know once it runs.</summary>
internal static class Banner
{
    public static async Task Write(WebApplication app, string folder)
    {
        var packs = app.Services.GetRequiredService<ForcePackCatalogue>();
        await Console.Out.WriteLineAsync($"""

            WalkTalk is ready
              Address    {string.Join(", ", app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses)}
              Services   {string.Join(", ", app.Services.GetRequiredService<LocalServices>().Names)}
              Forces     {string.Join(", ", packs.Ids)}
              Database   SQLite, in {folder}
              Messages   in one process

            """);
        if (app.Configuration.GetValue("Demo:Enabled", false))
        {
            await Console.Out.WriteLineAsync($"  Sign in at /sign-in with the password \"{DemoSignIns.Password}\" as");
            foreach (var person in DemoSignIns.Of(packs))
            {
                await Console.Out.WriteLineAsync($"    {person.UserName,-16} {person.Name}");
            }

            await Console.Out.WriteLineAsync($"  A mailbox to open under \"Your reference\": {DemonstrationMailbox.Reference}, words: {DemonstrationMailbox.Words}\n");
        }
    }
}
