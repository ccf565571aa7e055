using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

internal enum StandardsState { Received, InReview, Answered }

/// <summary>Something about police, sealed whole for professional standards; the officer's own chain never sees that it exists.</summary>
internal sealed class StandardsCase : IForceRow, IVersioned, IUntimed
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required string Reference { get; init; }
    public required Guid MailboxId { get; init; }
    public required string Code { get; init; }
    public required DateOnly DueOn { get; init; }
    public string? SealedPlace { get; set; }
    public string? SealedNarrative { get; set; }
    public StandardsState State { get; private set; }
    /// <summary>The subject of whoever took it.</summary>
    public string? TakenBy { get; private set; }
    /// <summary>What she was told.</summary>
    public string? Answer { get; private set; }
    /// <summary>The day she was told: what retention counts from. Cases of before have none; their due day stands for it.</summary>
    public DateOnly? AnsweredOn { get; private set; }

    public Refusal? Take(string sub)
    {
        if (State != StandardsState.Received)
            return FeedbackRefusals.WrongState with { Detail = "Somebody has taken it." };
        (State, TakenBy) = (StandardsState.InReview, sub);
        return null;
    }

    /// <summary>Whoever took it is concerned by it: it waits for another.</summary>
    public void TakeFrom(string sub)
    {
        if (State == StandardsState.InReview && TakenBy == sub)
            (State, TakenBy) = (StandardsState.Received, null);
    }

    public Refusal? Reply(string answer, DateOnly today)
    {
        if (State != StandardsState.InReview)
            return FeedbackRefusals.WrongState with { Detail = "It has to be taken first, and is answered once." };
        (State, Answer, AnsweredOn) = (StandardsState.Answered, answer, today);
        return null;
    }

    public string Clock(DateOnly today) =>
        State == StandardsState.Answered ? "ended" : DueOn < today ? "over" : DueOn <= today.AddDays(2) ? "soon" : "in-time";

    public IReadOnlyList<string> Next => State switch { StandardsState.Received => ["take"], StandardsState.InReview => ["answer"], _ => [] };
}
