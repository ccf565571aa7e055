using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

internal enum PromiseState { Open, Action, Answered }

/// <summary>What an officer promised on a walk. It stays open, with a clock, until it is an action or is answered in words fit for the public.</summary>
internal sealed class Promise : IForceRow, IVersioned, IUntimed
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    /// <summary>Empty once what held the walk together is gone.</summary>
    public required byte[] CaptureHash { get; set; }

    /// <summary>Personal data masked.</summary>
    public required string What { get; init; }

    /// <summary>To whom, as a role: never a name.</summary>
    public required string To { get; init; }
    public string? WardCode { get; init; }

    /// <summary>A Friday: the days promised do not tell the day of the walk.</summary>
    public required DateOnly DueOn { get; init; }
    public PromiseState State { get; private set; }
    public Guid? ActionId { get; private set; }
    public string? Answer { get; private set; }
    public DateOnly? EndedOn { get; private set; }

    /// <summary>The Friday by which so many days are over.</summary>
    public static DateOnly DueAfter(DateOnly today, int days)
    {
        var due = today.AddDays(days);
        return due.AddDays(((int)DayOfWeek.Friday - (int)due.DayOfWeek + 7) % 7);
    }

    public Refusal? Become(ForceAction action, DateOnly today) => End(PromiseState.Action, today, action.Id, null);

    public Refusal? AnswerWith(string words, DateOnly today) => End(PromiseState.Answered, today, null, words);

    private Refusal? End(PromiseState state, DateOnly today, Guid? action, string? answer)
    {
        if (State != PromiseState.Open)
            return FeedbackRefusals.WrongState with { Detail = State == PromiseState.Action ? "The promise is an action already." : "The promise is answered already." };
        (State, EndedOn, ActionId, Answer) = (state, today, action, answer);
        return null;
    }
}
