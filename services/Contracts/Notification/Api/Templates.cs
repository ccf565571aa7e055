using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Contracts.Notification.Api;

/// <summary>One template in one language.</summary>
/// <param name="Draft">No translator has reviewed it yet.</param>
public sealed record TemplateInfo(string Id, string Language, int Version, bool Mandatory, bool Draft, IReadOnlyList<string> Fields);

/// <summary>A template filled with sample values.</summary>
/// <param name="Sms">The SMS text, or null where the template has none.</param>
/// <param name="Faults">What the lint has against it; empty when it may be used.</param>
public sealed record TemplatePreview(
    string Id, string Language, int Version, bool Draft, string Subject, string NeutralSubject, string Text, string Html, SmsPreview? Sms, IReadOnlyList<string> Faults);

/// <summary>An SMS and what it costs.</summary>
/// <param name="Encoding">GSM-7 or UCS-2.</param>
public sealed record SmsPreview(string Text, string Encoding, int Length, int Segments);

/// <summary>Send the template with sample values to somebody who asked for it: an e-mail address, or a mobile number.</summary>
public sealed record TestSend([property: Required, EmailOrMobile, StringLength(254)] string? To);

/// <summary>The test message is queued.</summary>
public sealed record TestQueued(Guid MessageId);
