using WalkTalk.Contracts;
using WalkTalk.Contracts.Notification;
using WalkTalk.Contracts.Notification.Api;
using WalkTalk.Notification.Data;
using WalkTalk.Notification.Messages;

namespace WalkTalk.Notification.Templates;

/// <summary>POST templates/{id}/{language}/test: sends the template with sample values, by the same way as every message.</summary>
internal static class SendTest
{
    /// <summary>The asking service of a test message.</summary>
    internal const string Service = "notification";

    public static async Task<IResult> Handle(
        string id, string language, TestSend body, NotificationDb db, TemplateLibrary library, QueueMessage queue, TimeProvider time, CancellationToken ct)
    {
        if (library.In(id, language) is not { } template) return PreviewTemplates.Unknown;
        var request = Guid.CreateVersion7();
        var asked = new NotificationRequested(request, Service, id, "", language, Samples.For(template.Contract), request, 1,
            "normal", Mandatory: true, time.GetUtcNow().AddHours(1));
        var message = await queue.Queue(asked, MobileNumber.OrMail(body.To!), asked.Fields.ToDictionary(), null, ct);
        db.Audit("test-sent", "template", template.Name);
        await db.SaveChangesAsync(ct);
        return TypedResults.Accepted((string?)null, new TestQueued(message!.Id));
    }
}
