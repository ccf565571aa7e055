using System.Security.Cryptography;
using WalkTalk.Contracts.Notification;
using WalkTalk.ForcePacks;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Providers;

namespace WalkTalk.Notification.Messages;

/// <summary>Tells for counting how a message stands that is out of our hands: not whose, not about what, and of when the day alone.</summary>
internal static class MessageEnds
{
    // Who can be asked is offered nothing twice.
    public static void TellEnd(this NotificationDb db, Message message, ForcePackCatalogue packs, IMailProvider? provider) =>
        db.TellEnd(message, packs, provider is { Confirms: true }, mayBeTwice: message is { Uncertain: true, Attempts: > 1 } && provider is { CanBeAsked: false });

    public static void TellEnd(this NotificationDb db, Message message, ForcePackCatalogue packs, bool confirms, bool mayBeTwice = false)
    {
        // Notify may still tell of a force that is not served any more, and nobody counts for that.
        if (packs.Find(db.Force!) is not { } pack) return;
        var at = message.EndedAt!.Value;
        // What quiet hours held back was not slow.
        var from = QuietHours.MayGoAt(message.QueuedAt, pack.TimeZone, message.Mandatory, message.WalkAt);
        db.Publish(new MessageEnded(
            IdOf(message), message.Template, message.State.ToString(), confirms,
            (int)Math.Max(0, Math.Round((at - from).TotalSeconds)), mayBeTwice, pack.Today(at)), untimed: true);
    }

    /// <summary>The message's own id says when it was queued.</summary>
    internal static Guid IdOf(Message message) => new(SHA256.HashData(message.Id.ToByteArray()).AsSpan(0, 16));
}
