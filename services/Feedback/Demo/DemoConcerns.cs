using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback.Demo;

/// <summary>Fills an empty Feedback with <see cref="DemoYear"/> when Demo:Enabled says so, for packs that say that they are a demonstration.</summary>
internal static class DemoConcerns
{
    public static async Task Seed(IServiceProvider services, FeedbackDb db, CancellationToken ct)
    {
        if (!services.GetRequiredService<IConfiguration>().GetValue("Demo:Enabled", false))
            return;
        var packs = services.GetRequiredService<ForcePackCatalogue>();
        var personal = services.GetRequiredService<PersonalData>();
        foreach (var pack in packs.Ids.Select(packs.Get).Where(p => p.Demonstration))
        {
            db.Force = pack.Id;
            if (await db.Concerns.AnyAsync(ct))
                continue;
            var year = DemoYear.Of(pack, db.Now);
            await db.Atomically(async () => { await Save(db, personal, year, ct); return true; }, ct);
            db.ChangeTracker.Clear();
        }
        services.GetRequiredService<ILoggerFactory>().CreateLogger("WalkTalk.Demonstration").KnownMailbox(DemonstrationMailbox.Reference, DemonstrationMailbox.Words);
    }

    private static async Task Save(FeedbackDb db, PersonalData personal, DemoYear year, CancellationToken ct)
    {
        foreach (var (disclosure, place, narrative) in year.Disclosures)
        {
            // What was handed over and receipted has left our store.
            if (disclosure.State != DisclosureState.Receipted)
            {
                disclosure.SealedPlace = await personal.Protect(db, disclosure.Id, "place", place, ct);
                disclosure.SealedNarrative = await personal.Protect(db, disclosure.Id, "narrative", narrative, ct);
            }
            db.Disclosures.Add(disclosure);
            // Only what is still to come is scheduled: nobody is alerted of the past.
            if (disclosure.Clock(db.Now) == "in-time")
                await db.Schedule(DisclosureClock.Key(disclosure.Id), disclosure.DueAt.AddHours(-6), new DisclosureClock(disclosure.Id), ct);
        }
        foreach (var (standards, place, narrative) in year.Standards)
        {
            standards.SealedPlace = await personal.Protect(db, standards.Id, "place", place, ct);
            standards.SealedNarrative = await personal.Protect(db, standards.Id, "narrative", narrative, ct);
            db.StandardsCases.Add(standards);
        }
        db.Mailboxes.AddRange(year.Mailboxes);
        db.Concerns.AddRange(year.Concerns);
        db.PartnerRequests.AddRange(year.PartnerRequests);
        db.Actions.AddRange(year.Actions);
        db.Board.AddRange(year.Board);
        db.Messages.AddRange(year.Messages);
        db.Audits.AddRange(year.Audits);
        db.SafePlaces.AddRange(year.SafePlaces);
        foreach (var (_, publish) in year.Facts)
            publish(db);
        await db.SaveChangesAsync(ct);
    }
}

internal static partial class DemoLog
{
    [LoggerMessage(EventId = 4090, EventName = "DemonstrationMailbox", Level = LogLevel.Information, Message = "A demonstration: the mailbox {Reference} opens with the words {Words}")]
    public static partial void KnownMailbox(this ILogger log, string reference, string words);
}
