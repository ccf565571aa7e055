namespace WalkTalk.Contracts.Notification.Api;

/// <summary>Messages and their states, newest first, without a word of whom they went to or what they said.</summary>
/// <param name="ByState">How many messages are in each state, over all that are kept (90 days).</param>
/// <param name="Uncertain">How many a provider may have taken although its answer was lost: offered twice, or asked after and not known yet.</param>
/// <param name="Messages">One page.</param>
/// <param name="Next">For the next page: send it as "before"; null at the end.</param>
public sealed record MessageList(IReadOnlyDictionary<string, int> ByState, int Uncertain, IReadOnlyList<MessageStatus> Messages, string? Next);

/// <summary>One message's way. Times are UTC.</summary>
/// <param name="State">A state of D3.</param>
/// <param name="Reason">A word of ours or the provider's status code.</param>
/// <param name="EndedAt">When it ended: handed over, delivered, failed or taken back.</param>
/// <param name="NextAttemptAt">When it is tried next; null when it has ended.</param>
public sealed record MessageStatus(
    Guid Id, string Service, string Template, string Language, string State, string? Reason, int Attempts, bool Urgent, bool Uncertain,
    DateTimeOffset QueuedAt, DateTimeOffset? EndedAt, DateTimeOffset? NextAttemptAt);
