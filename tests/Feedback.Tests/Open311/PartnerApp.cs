using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.Fixtures;

namespace WalkTalk.Feedback.Tests.Open311;

/// <summary>Feedback with a pack whose councils take referrals by program, one in XML and one in JSON, a landowner nobody answers for, and a transport body that comes itself.</summary>
public abstract class PartnerApp(TestOn on) : FeedbackApp(on), IAsyncDisposable
{
    public const string Southwark = "E05011098";
    public const string TransportKey = "transport-0123456789abcdef0123456789abcdef";
    public const string OtherForcesKey = "kent-0123456789abcdef0123456789abcdef0123";
    private readonly string packs = Directory.CreateTempSubdirectory("packs-").FullName;

    public Council Council { get; private set; } = null!;
    public Council JsonCouncil { get; private set; } = null!;

    protected override IEnumerable<(string Key, string? Value)> Settings()
    {
        Council = Council.Start().GetAwaiter().GetResult();
        JsonCouncil = Council.Start().GetAwaiter().GetResult();
        JsonCouncil.Json = true;
        foreach (var force in new[] { "metropolitan", "kent" })
        {
            var folder = Directory.CreateDirectory(Path.Combine(packs, force)).FullName;
            foreach (var file in Directory.GetFiles(Path.Combine(ForcePackCatalogue.DefaultFolder, "metropolitan")))
                File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
            var pack = Path.Combine(folder, "force.json");
            File.WriteAllText(pack, File.ReadAllText(pack).Replace("\"id\": \"metropolitan\"", $"\"id\": \"{force}\"", StringComparison.Ordinal).Replace("\"partners\": [", $$"""
                "partners": [
                  { "id": "lambeth", "body": "LA", "place": "E09000022", "endpoint": "{{Council.Address}}", "jurisdiction": "lambeth.example", "updates": true, "pullMinutes": 60,
                    "services": [{ "codes": "ENV-LIGHT", "service": "STL", "attributes": { "kind": "OUT" } }, { "codes": "ENV", "service": "OTHER" }] },
                  { "id": "southwark", "body": "LA", "place": "E09000028", "endpoint": "{{JsonCouncil.Address}}", "jurisdiction": "lambeth.example", "json": true, "updates": true, "pullMinutes": 60,
                    "services": [{ "codes": "ENV-LIGHT", "service": "STL", "attributes": { "kind": "OUT" } }] },
                  { "id": "landowner", "body": "LAND", "endpoint": "http://127.0.0.1:1/", "services": [{ "codes": "ENV", "service": "ALL" }] },
                """, StringComparison.Ordinal));
        }
        return
        [
            .. base.Settings(), ("ForcePacks:Folder", packs), ("Partners:TimeoutSeconds", "2"), ("Partners:PrivateAddresses", "true"),
            ("Partners:metropolitan:lambeth:ApiKey", "the-key-we-gave"), ("Partners:metropolitan:southwark:ApiKey", "the-key-we-gave"),
            ("Partners:metropolitan:tfl:KeyHash", HashOf("an-older-key-that-still-counts-0123456789") + " " + HashOf(TransportKey)), ("Partners:kent:tfl:KeyHash", HashOf(OtherForcesKey)),
        ];
    }

    private static string HashOf(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public static PartnerReferral Referral(string to = "LA") => new()
    {
        To = to, Description = "A street lamp does not burn on the pavement after dark.", Why = "The council looks after the lamps of this street.", Attributes = { ["urgent"] = "no" },
    };

    /// <summary>A concern with an owner, from somebody who can be told.</summary>
    public async Task<ConcernView> Lamp(string ward = Ward, string code = "ENV-LIGHT-OUT") => await Triaged(await Send(new FeedbackSubmission
    {
        Email = $"{Guid.NewGuid():N}@example.org",
        Concerns = [Light("The lamp at the steps has been out for three whole weeks now.") with { Code = code, Place = new PlaceInput { WardCode = ward, Landmark = "the steps by the station" } }],
    }));

    /// <summary>Passed on by program.</summary>
    public async Task<PartnerRequestView> PassOn(ConcernView concern, PartnerReferral? referral = null)
    {
        await Accepted(await Post($"concerns/{concern.Id}/partners", referral ?? Referral(), concern.Version));
        return await Partner(concern.Id);
    }

    /// <summary>From the database: looked at many times a second, and a reading of the concern is written down each time.</summary>
    public Task<PartnerRequestView> Partner(Guid concern) => Db<FeedbackDb, PartnerRequestView>(async db =>
        ReadConcern.View(await db.PartnerRequests.AsNoTracking().Where(r => r.ConcernId == concern).OrderBy(r => r.MadeAt).LastAsync()));

    /// <summary>Lets the days pass as the referral wants them, until it stands where it is waited for.</summary>
    public async Task<PartnerRequestView> Until(Guid concern, string state)
    {
        var now = await Partner(concern);
        await Eventually(async () =>
        {
            now = await Partner(concern);
            if (now.State != state && now.DueAt is { } due && due > Time.GetUtcNow())
                Time.SetUtcNow(due.AddMilliseconds(1));
            return now.State == state;
        }, $"the referral to be {state}; it was {now.State} {now.Reason}");
        return now;
    }

    /// <summary>Waits, with the clock standing still.</summary>
    public async Task<PartnerRequestView> Stands(Guid concern, Func<PartnerRequestView, bool> isSo)
    {
        var now = await Partner(concern);
        await Eventually(async () => isSo(now = await Partner(concern)), "the referral to stand as expected");
        return now;
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await Council.DisposeAsync();
        await JsonCouncil.DisposeAsync();
        Directory.Delete(packs, recursive: true);
        GC.SuppressFinalize(this);
    }

    public new sealed class Sqlite() : PartnerApp(TestOn.OneProcess);

    public new sealed class Postgres() : PartnerApp(TestOn.PostgresAndRabbit);
}
