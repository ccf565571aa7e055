using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Notification;
using WalkTalk.Notification.Data;
using WalkTalk.ServiceDefaults.Messaging;

namespace WalkTalk.Notification.Messages;

/// <summary>Takes back what is not sent yet, and refuses what is still on its way.</summary>
internal sealed class AcceptWithdrawal(NotificationDb db, TimeProvider time) : IConsume<NotificationWithdrawn>
{
    public async Task Consume(NotificationWithdrawn message, Delivery delivery, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var unsent = await db.Messages.Where(m => m.SubjectId == message.SubjectId
            && (message.Template == null || m.Template == message.Template)
            && (message.UpToVersion == null || m.SubjectVersion <= message.UpToVersion)
            && (m.State == MessageState.Queued || m.State == MessageState.TemporaryFailure)).ToListAsync(ct);
        foreach (var one in unsent) one.Cancel("withdrawn", now);
        if (message.UpToVersion is { } version)
            db.Withdrawals.Add(new Withdrawal { SubjectId = message.SubjectId, Template = message.Template, UpToVersion = version, At = now });
    }
}
