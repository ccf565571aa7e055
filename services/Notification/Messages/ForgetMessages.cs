using Microsoft.EntityFrameworkCore;
using WalkTalk.ForcePacks;
using WalkTalk.Notification.Data;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Messages;

/// <summary>
/// Retention of D9, by the periods of the force's pack: after seven days fields, addresses and inbox copies are gone, after
/// ninety everything, and with the last message to somebody also her hash and key.
/// </summary>
internal sealed class ForgetMessages(NotificationDb db, ForcePackCatalogue packs, PersonalData personal, TimeProvider time, ILogger<ForgetMessages> log)
{
    public async Task Run(string force, CancellationToken ct)
    {
        db.Force = force;
        var keep = packs.Get(force).Retention;
        var bodiesBefore = time.GetUtcNow().AddDays(-keep.MessageBodyDays);
        var statusBefore = time.GetUtcNow().AddDays(-keep.MessageStatusDays);

        var bodies = await db.Messages.Where(m => m.Payload != null && m.QueuedAt < bodiesBefore)
            .ExecuteUpdateAsync(s => s.SetProperty(m => m.Payload, (string?)null), ct);
        var copies = await db.Mails.Where(m => m.At < bodiesBefore).ExecuteDeleteAsync(ct);
        var messages = await db.Messages.Where(m => m.QueuedAt < statusBefore).ExecuteDeleteAsync(ct);
        await db.Withdrawals.Where(w => w.At < statusBefore).ExecuteDeleteAsync(ct);
        var recipients = await db.Recipients.Where(r => !db.Messages.Any(m => m.RecipientId == r.Id)).ToListAsync(ct);
        foreach (var recipient in recipients)
        {
            await personal.Erase(db, recipient.Id, ct);
            db.Recipients.Remove(recipient);
        }
        if (bodies + copies + messages + recipients.Count == 0) return;
        db.Audit("forgotten", "messages", force, $"retention: {bodies} bodies, {copies} copies, {messages} messages, {recipients.Count} recipients");
        await db.SaveChangesAsync(ct);
        log.Forgot(force, bodies, copies, messages, recipients.Count);
    }
}

/// <summary>Forgets at the start and then every hour.</summary>
internal sealed class Forgetting(IServiceScopeFactory scopes, IEnumerable<IMigrator> databases, ForcePackCatalogue packs, ILogger<Forgetting> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await databases.Single(d => d.Service == NotificationDb.Name).Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1));
        do
        {
            foreach (var force in packs.Ids)
            {
                try
                {
                    await using var scope = scopes.CreateAsyncScope();
                    await scope.ServiceProvider.GetRequiredService<ForgetMessages>().Run(force, stoppingToken);
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    log.RoundFailed(e);
                }
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
