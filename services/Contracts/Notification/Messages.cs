using System.Runtime.Serialization;

namespace WalkTalk.Contracts.Notification;

/// <summary>
/// A message to a person is wanted. The owner of the fact decides that and when; Notification decides how.
/// Exactly one message is sent per recipient, template, subject and version.
/// </summary>
/// <param name="RequestId">Names this request; repeated requests with the same id are one.</param>
/// <param name="Service">The asking service, e.g. booking: recipients are hashed apart for each.</param>
/// <param name="Template">A template of D6, e.g. walk-confirmed.</param>
/// <param name="RecipientProtected">The e-mail address, or the number (E.164) for a text message, protected for transit.</param>
/// <param name="Language">en or cy.</param>
/// <param name="Fields">The template's fields. A name that begins with "!" holds a value protected for transit (codes, meeting words, secret links).</param>
/// <param name="SubjectId">What the message is about, e.g. the booking: withdrawn by it.</param>
/// <param name="SubjectVersion">The subject's version the text speaks of.</param>
/// <param name="Urgency">normal or urgent (staff alerts jump the queue).</param>
/// <param name="Mandatory">Ignores preferences and quiet hours (column M of D6).</param>
/// <param name="WorthUntil">After this instant (UTC) it is not sent any more.</param>
/// <param name="Attachment">A file that goes with it, such as the calendar entry.</param>
/// <param name="Neutral">Sender and subject give nothing away to whoever sees her screen.</param>
[DataContract(Name = "notification-requested")]
public sealed record NotificationRequested(
    Guid RequestId, string Service, string Template, string RecipientProtected, string Language,
    IReadOnlyDictionary<string, string> Fields, Guid SubjectId, long SubjectVersion,
    string Urgency, bool Mandatory, DateTimeOffset WorthUntil, Attachment? Attachment = null, bool Neutral = false);

/// <summary>A text file (UTF-8) that goes with a message; its content is protected for transit.</summary>
public sealed record Attachment(string Name, string ContentType, string ContentProtected);

/// <summary>Whatever is still unsent about this subject (of one template, or of all) is not wanted any more.</summary>
/// <param name="SubjectId">What the messages were about.</param>
/// <param name="Template">Only this template, or null for all.</param>
/// <param name="UpToVersion">Requests for this version or an older one are refused from now on, also when they arrive after this.</param>
[DataContract(Name = "notification-withdrawn")]
public sealed record NotificationWithdrawn(Guid SubjectId, string? Template, long? UpToVersion = null);

/// <summary>
/// The provider has accepted the message, or says that it arrived. Confirmed is true where it says so, false where nothing is known of its arrival yet (the provider will
/// say, or the message lies in the local inbox), and null where acceptance is the last that is heard of it.
/// </summary>
[DataContract(Name = "notification-delivered")]
public sealed record NotificationDelivered(Guid RequestId, string Template, Guid SubjectId, bool? Confirmed = null);

/// <summary>The message will not reach anyone; a person has to look at it. Reason is a state of D3, never text from the provider.</summary>
[DataContract(Name = "notification-failed")]
public sealed record NotificationFailed(Guid RequestId, string Template, Guid SubjectId, string Reason);

/// <summary>How a message stands that is out of our hands, for counting: to whom and about what it was stays untold. Sent may be followed by how it ended.</summary>
/// <param name="MessageId">Tells messages apart, and nothing else.</param>
/// <param name="Template">A template of D6.</param>
/// <param name="State">Of D3: Sent, Delivered, PermanentFailure or TechnicalFailure.</param>
/// <param name="Confirms">Its provider says what arrives; where it does not, Sent is as far as it gets.</param>
/// <param name="Seconds">Seconds until then, from when it was asked for or quiet hours let it go.</param>
/// <param name="MayBeTwice">It was offered again although it may have been accepted before.</param>
/// <param name="On">The force's local day.</param>
[DataContract(Name = "message-ended")]
public sealed record MessageEnded(Guid MessageId, string Template, string State, bool Confirms, int Seconds, bool MayBeTwice, DateOnly On);
