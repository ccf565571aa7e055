using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Notification;
using WalkTalk.ForcePacks;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Messages;
using WalkTalk.Notification.Templates;

namespace WalkTalk.Notification.Demo;

/// <summary>
/// Fills an empty local inbox with one message of each kind a participant gets, when Demo:Enabled says so, for packs that say that
/// they are a demonstration. They go the ordinary way; never out of this deployment.
/// </summary>
internal static class DemoMessages
{
    private static readonly string[] Kinds =
    [
        "contact-verify", "walk-confirmed", "walk-reminder-24h", "verify-code", "walk-thanks", "concern-ack", "action-agreed",
        "action-delivered", "outcome-no-action", "walk-cancelled",
    ];

    public static async Task Seed(IServiceProvider services, NotificationDb _, CancellationToken ct)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        if (!configuration.GetValue("Demo:Enabled", false) || NotificationService.HasProvider(configuration)) return;
        var packs = services.GetRequiredService<ForcePackCatalogue>();
        foreach (var pack in packs.Ids.Select(packs.Get).Where(p => p.Demonstration))
        {
            await using var scope = services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<NotificationDb>();
            db.Force = pack.Id;
            if (await db.Messages.AnyAsync(ct)) continue;
            var queue = scope.ServiceProvider.GetRequiredService<QueueMessage>();
            await db.Atomically(async () =>
            {
                foreach (var (kind, i) in Kinds.Select((k, i) => (k, i)))
                {
                    await queue.Queue(Request(kind, pack, i, db.Now), "amina@example.org", Fields(kind, pack, db.Now), null, ct);
                    await db.SaveChangesAsync(ct); // the next one finds its recipient
                }
                return true;
            }, ct);
        }
    }

    // Every third in the pack's other language, where it has one.
    private static NotificationRequested Request(string kind, ForcePack pack, int index, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now.AddMilliseconds(index));
        return new(id, SendTest.Service, kind, "", index % 3 == 2 ? pack.Languages[^1] : "en", Fields(kind, pack, now), id, 1, "normal", Mandatory: true, now.AddDays(1));
    }

    private static Dictionary<string, string> Fields(string kind, ForcePack pack, DateTimeOffset now)
    {
        var template = NotificationTemplates.Find(kind)!;
        var fields = Samples.For(template).ToDictionary();
        var page = kind.StartsWith("walk", StringComparison.Ordinal) || kind == "verify-code" ? "walks" : "done";
        foreach (var field in template.Fields)
        {
            fields[field.Name] = field.Kind switch
            {
                FieldKind.Link => $"/{pack.Id}/{page}",
                FieldKind.Instant => new DateTimeOffset(now.UtcDateTime.Date.AddDays(1).AddHours(18.5), TimeSpan.Zero).ToString("O"),
                FieldKind.Day => DateOnly.FromDateTime(now.UtcDateTime).AddDays(28).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
                _ when field.Name == "place" => pack.MeetingPoints[0].Name,
                _ when field.Name == "officer" => $"{pack.Officers[0].FirstName}, collar number {pack.Officers[0].Collar}",
                _ => fields[field.Name],
            };
        }
        return fields;
    }
}
