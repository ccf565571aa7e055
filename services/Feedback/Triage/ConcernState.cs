namespace WalkTalk.Feedback;

/// <summary>The states of D3 that the scheme uses so far. Disputed is a moment: the concern is in action again at once.</summary>
internal enum ConcernState
{
    Received,
    Screened,
    Acknowledged,
    Triaged,
    InAction,
    WaitingForContributor,
    ClaimedDone,
    ConfirmedDone,
    NoAction,
    Withdrawn,
    NotAConcern,
}
