namespace WalkTalk.Feedback;

/// <summary>The states of D3. Disputed is a moment: the concern is in action again at once.</summary>
internal enum ConcernState
{
    Received,
    Screened,
    Acknowledged,
    Triaged,
    /// <summary>Passed on to a body. That ends nothing: it has a day on which the force asks there.</summary>
    Referred,
    InAction,
    WaitingForContributor,
    ClaimedDone,
    ConfirmedDone,
    NoAction,
    Withdrawn,
    NotAConcern,
    /// <summary>Waits for the answer of another one that tells of the same.</summary>
    Merged,
}

/// <summary>What staff have been told of a clock that runs: nothing, that four fifths are gone, that it is over.</summary>
internal enum ClockTold { Nothing, Warning, Breach }
