using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>Agreed, then delivered as the force says; verified or failed as women say.</summary>
internal enum ActionState { Agreed, Delivered, Verified, Failed }

/// <summary>What somebody does about one or many concerns, with a date. Advice to women is kept but never counted.</summary>
internal sealed class ForceAction : IForceRow, IVersioned
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required string Type { get; init; }
    public required bool Counted { get; init; }
    public required string OwnerBody { get; init; }
    public required string OwnerRole { get; init; }
    public required DateOnly AgreedOn { get; init; }
    public required DateOnly DueOn { get; init; }
    public required string FourP { get; init; }
    public required string Asked { get; init; }
    public required string Promise { get; init; }
    public string? Done { get; private set; }
    public DateOnly? DoneOn { get; private set; }
    public ActionState State { get; private set; }
    public List<ActionConcern> Concerns { get; init; } = [];

    /// <summary>The force says it is done; after a failure it may say so again.</summary>
    public Refusal? Claim(string done, DateOnly today)
    {
        if (State is not (ActionState.Agreed or ActionState.Failed))
            return FeedbackRefusals.WrongState with { Detail = $"The action is {State} already." };
        (State, Done, DoneOn) = (ActionState.Delivered, done, today);
        return null;
    }

    /// <summary>One woman says it is done. A failure said by another stands until it is claimed again.</summary>
    public void Hear(bool done) => State = (State, done) switch
    {
        (ActionState.Delivered, true) => ActionState.Verified,
        (_, false) => ActionState.Failed,
        _ => State,
    };
}

/// <summary>Which concerns an action answers.</summary>
internal sealed class ActionConcern : IForceRow
{
    public string ForceId { get; set; } = "";
    public Guid ActionId { get; init; }
    public required Guid ConcernId { get; init; }
}
