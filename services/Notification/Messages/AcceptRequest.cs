using WalkTalk.Contracts.Notification;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Notification.Messages;

/// <summary>Opens what was protected on the way and queues the message; at rest it is protected again under the recipient's own key.</summary>
internal sealed class AcceptRequest(QueueMessage queue, Transit transit) : IConsume<NotificationRequested>
{
    public Task Consume(NotificationRequested message, Delivery delivery, CancellationToken ct) => queue.Queue(
        message,
        transit.Open(message.RecipientProtected).Trim(),
        message.Fields.ToDictionary(f => f.Key.TrimStart('!'), f => f.Key.StartsWith('!') ? transit.Open(f.Value) : f.Value),
        message.Attachment is { } file ? new AttachedFile(file.Name, file.ContentType, transit.Open(file.ContentProtected)) : null,
        ct);
}
