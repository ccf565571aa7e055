using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace WalkTalk.Contracts.Notification.Api;

/// <summary>What GOV.UK Notify says of a message afterwards ("delivery receipts"). Fields not named here, such as the address, are not read.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Skip)]
public sealed record DeliveryReceipt
{
    /// <summary>The message's id, as it was handed over; null for what was sent otherwise.</summary>
    [StringLength(1000), JsonPropertyName("reference")] public string? Reference { get; init; }

    /// <summary>How it ended there: delivered, permanent-failure, temporary-failure or technical-failure.</summary>
    [Required, AllowedValues("delivered", "permanent-failure", "temporary-failure", "technical-failure"), JsonPropertyName("status")] public required string Status { get; init; }

    /// <summary>When.</summary>
    [JsonPropertyName("completed_at")] public DateTimeOffset? CompletedAt { get; init; }
}
