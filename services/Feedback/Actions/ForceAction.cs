using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>Proposed, agreed with an owner and a date, started, delivered as the force says; verified or failed as women say; or dropped with a reason.</summary>
internal enum ActionState { Proposed, Agreed, Started, Delivered, Verified, Failed, Dropped }

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
    public required DateOnly AgreedOn { get; set; }
    public required DateOnly DueOn { get; set; }
    public required string FourP { get; init; }
    public required string Asked { get; init; }
    public required string Promise { get; init; }
    public string? Done { get; private set; }
    public DateOnly? DoneOn { get; private set; }
    /// <summary>Why it was dropped, in words written for publication.</summary>
    public string? Dropped { get; private set; }
    public ActionState State { get; set; } = ActionState.Agreed;
    public List<ActionConcern> Concerns { get; init; } = [];

    /// <summary>Still owed: an answer is to come of it.</summary>
    public bool IsOwed => State is ActionState.Agreed or ActionState.Started or ActionState.Failed;

    public Refusal? Agree(DateOnly today)
    {
        if (State != ActionState.Proposed)
            return Wrong();
        (State, AgreedOn) = (ActionState.Agreed, today);
        return null;
    }

    public Refusal? Start()
    {
        if (State is not (ActionState.Agreed or ActionState.Failed))
            return Wrong();
        State = ActionState.Started;
        return null;
    }

    public Refusal? Move(DateOnly dueOn)
    {
        if (!IsOwed)
            return Wrong();
        DueOn = dueOn;
        return null;
    }

    /// <summary>The force says it is done; after a failure it may say so again.</summary>
    public Refusal? Claim(string done, DateOnly today)
    {
        if (!IsOwed)
            return Wrong();
        (State, Done, DoneOn) = (ActionState.Delivered, done, today);
        return null;
    }

    /// <summary>It will not be done. What it was to answer needs another answer.</summary>
    public Refusal? Drop(string reason)
    {
        if (!IsOwed && State != ActionState.Proposed)
            return Wrong();
        (State, Dropped) = (ActionState.Dropped, reason);
        return null;
    }

    /// <summary>One woman says it is done, or not. A failure said by another stands until it is claimed again.</summary>
    public void Hear(bool done) => State = (State, done) switch
    {
        (ActionState.Delivered, true) => ActionState.Verified,
        (ActionState.Delivered or ActionState.Verified, false) => ActionState.Failed,
        _ => State,
    };

    private Refusal Wrong() => FeedbackRefusals.WrongState with { Detail = $"The action is {State}." };
}

/// <summary>Which concerns an action answers.</summary>
internal sealed class ActionConcern : IForceRow
{
    public string ForceId { get; set; } = "";
    public Guid ActionId { get; init; }
    public required Guid ConcernId { get; init; }
}
