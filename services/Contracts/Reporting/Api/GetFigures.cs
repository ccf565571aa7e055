namespace WalkTalk.Contracts.Reporting.Api;

/// <summary>What staff see of the scheme: exact counts, internal, never for publication (the public reads releases).</summary>
/// <param name="Quarters">Every quarter that holds something, latest first: what a filter can offer.</param>
/// <param name="KeptByForce">Confirmed bookings that the force did not fail: an officer came, and it was not called off less than 24 hours before (D7).</param>
/// <param name="FirstOffer">Hours from a request to its first offered place, the median of those that had one (D7: at most 1).</param>
/// <param name="RequestToWalk">Requests older than 28 days whose walk took place (D7: at least 70 %).</param>
/// <param name="Recorded">Of what may be a crime and was told before yesterday (UTC), handed over within its 24 hours (D7: 100 %); null for a borough or ward, because it carries no place.</param>
/// <param name="Feeling">Of audits, by place and quarter of the later one.</param>
/// <param name="Messages">Null for a borough or ward, because a message carries no place.</param>
/// <param name="Retention">Null for a borough or ward.</param>
/// <param name="Wards">Every ward of the selection, also those with nothing; concerns without a ward stand under a null code.</param>
public sealed record StaffFigures(
    FiguresFilter Filter,
    IReadOnlyList<string> Quarters,
    Funnel Funnel,
    ClaimGap ClaimGap,
    Share VerifiedMeetings,
    Share DarkShare,
    Share Coverage,
    IReadOnlyList<WardFigures> Wards,
    IReadOnlyList<CategoryFigures> Categories,
    RequestFigures Requests,
    Share KeptByForce,
    Median FirstOffer,
    Share RequestToWalk,
    Share? Recorded,
    AnswerFigures Answers,
    FeelingFigures? Feeling = null,
    MessageFigures? Messages = null,
    RetentionFigures? Retention = null);

/// <summary>How safe points felt (0–3), each audit of the selection against the first of the same point in the same light at least four weeks before it (D7). Whoever rated: the two need not be one woman.</summary>
/// <param name="Mean">After less before; null with fewer than 8 pairs (D7: above 0).</param>
/// <param name="Margin">Half of the 95 per cent interval around it.</param>
/// <param name="NetSafer">Per cent of pairs that felt safer less per cent that felt less safe; null with fewer than 25 (D7: above 0).</param>
/// <param name="Of">Pairs.</param>
public sealed record FeelingFigures(double? Mean, double? Margin, double? NetSafer, int Of);

/// <summary>What became of the messages of the selection's quarter, whoever they were to (D7).</summary>
/// <param name="Delivered">Confirmed as arrived, of those confirmed or failed whose provider says what arrives (D7: at least 97 %).</param>
/// <param name="Unconfirmed">Accepted by a provider that never says whether it arrived, or has not said yet: in no share.</param>
/// <param name="Failed">All that nobody will get, also those whose provider says nothing.</param>
/// <param name="Seconds">Seconds that nineteen of twenty did not exceed until they were confirmed, or else accepted; quiet hours are not counted. Null where there is none.</param>
/// <param name="MayBeTwice">Offered again although they may have been accepted before (D7: 0).</param>
/// <param name="Of">All of them.</param>
public sealed record MessageFigures(Share Delivered, int Unconfirmed, int Failed, int? Seconds, int MayBeTwice, int Of);

/// <summary>Deletions that are overdue as the last rounds left it (D7: 0), whatever quarter is selected.</summary>
/// <param name="Overdue">Rows whose time was over and that the last round of their service has left for the next.</param>
/// <param name="Rounds">The last round of each service that tells of its rounds.</param>
/// <param name="Stopped">One of them is more than a week ago: what is overdue since then is not known.</param>
public sealed record RetentionFigures(int Overdue, IReadOnlyList<RetentionRound> Rounds, bool Stopped);

/// <summary>The last round of retention of one service.</summary>
public sealed record RetentionRound(string Service, DateOnly On);

/// <summary>How what was told is answered (D7). Each share counts concerns received in the selection, removed ones not.</summary>
/// <param name="TriagedInTime">Had a first owner before its clock ran out, of those that have one or whose clock has run out (D7: at least 90 %). A clock stands still while she is asked.</param>
/// <param name="InAction">With at least one agreed action that counts, of those triaged (D7: report).</param>
/// <param name="OutcomePublished">With a public outcome, done or a reasoned no, of those triaged more than 56 days ago (D7: 100 %).</param>
/// <param name="LoopClosed">Told the outcome that stands, of those who can be told, in their mailbox too (D7: at least 95 %): she has read it in her mailbox or by her link, or a message with it is confirmed as arrived, or accepted where its provider never says. Both before today.</param>
/// <param name="DaysToOutcome">Days from receipt to the first public outcome (D7: report).</param>
/// <param name="Confirmed">Women say done and nobody disputed since, of what was claimed done and has her answer (D7: report).</param>
/// <param name="Reopened">Disputed at least once, of what was claimed done (D7: report).</param>
/// <param name="NoAction">What ended without action and was never claimed done, by the reason of the last no, most first (D7: report).</param>
/// <param name="ReviewsOverdue">Of these, not looked at again although the review date has passed (D7: 0).</param>
/// <param name="Advice">Advice to women, of all agreed actions (D7: 0); by the quarter of the agreement, and null for a borough or ward, because an action may answer several.</param>
public sealed record AnswerFigures(
    Share TriagedInTime, Share InAction, Share OutcomePublished, Share LoopClosed, Spread DaysToOutcome, Share Confirmed, Share Reopened,
    IReadOnlyList<ReasonFigures> NoAction, int ReviewsOverdue, Share? Advice);

/// <summary>The middle of so many values and what nine of ten do not exceed; null where there is none.</summary>
public sealed record Spread(double? Median, int? NineOfTen, int Of);

/// <summary>One reason of D3 for no action; a null code was told before reasons were kept.</summary>
public sealed record ReasonFigures(string? Code, int Count);

/// <summary>Walks asked for in the selection, contact verified, and how they were answered; the rest still wait. One without a ward stands in no borough.</summary>
public sealed record RequestFigures(int Asked, int Matched, int Declined, int Withdrawn)
{
    /// <summary>Still waiting for an answer.</summary>
    public int Open => Asked - Matched - Declined - Withdrawn;
}

/// <summary>What the figures are narrowed to; null means all. Quarter is written 2026Q4, borough and ward by ONS code.</summary>
public sealed record FiguresFilter(string? Quarter, string? Borough, string? Ward);

/// <summary>From a walk to an outcome women confirm. Concerns withdrawn, or found to be none, are not counted.</summary>
public sealed record Funnel(
    int WalksPublished, int BookingsConfirmed, int BookingsMet, int WalksEnded,
    int ConcernsReceived, int ConcernsTriaged, int ConcernsInAction, int ConcernsClaimedDone, int ConcernsConfirmedDone);

/// <summary>ClaimedDone ÷ triaged − ConfirmedDone ÷ triaged (D7), each of those triaged as far as facts have come. Disputed and refused stand beside it so that nothing hides in the gap.</summary>
public sealed record ClaimGap(int Triaged, int ClaimedDone, int ConfirmedDone, int Disputed, int NoAction)
{
    /// <summary>Per cent of triaged concerns the force says are done; null when nothing is triaged.</summary>
    public double? WeSay => Share.Percent(ClaimedDone, Triaged);

    /// <summary>Per cent of triaged concerns women say are done; null when nothing is triaged.</summary>
    public double? WomenSay => Share.Percent(ConfirmedDone, Triaged);

    /// <summary>The two apart, in points.</summary>
    public double? Points => WeSay - WomenSay;
}

/// <summary>The middle of so many values, to one decimal; null where there is none.</summary>
public sealed record Median(double? Value, int Of);

/// <summary>A part of a whole, both kept so that a reader can judge the share.</summary>
public sealed record Share(int Part, int Of)
{
    /// <summary>Per cent to one decimal; null when the whole is empty.</summary>
    public double? Value => Percent(Part, Of);

    internal static double? Percent(int part, int of) => of == 0 ? null : Math.Round(100.0 * part / of, 1);
}

/// <summary>One ward's walks that ended and concerns by light band.</summary>
public sealed record WardFigures(string? WardCode, string? BoroughCode, int WalksEnded, LightCounts Concerns);

/// <summary>Counts by the light at the time: day, dusk, dark, late (23–05), or not said.</summary>
public sealed record LightCounts(int Day, int Dusk, int Dark, int Late, int NotSaid)
{
    /// <summary>All together.</summary>
    public int Total => Day + Dusk + Dark + Late + NotSaid;
}

/// <summary>One category of D1 along the way to done.</summary>
public sealed record CategoryFigures(string Code, int Received, int Triaged, int InAction, int ClaimedDone, int ConfirmedDone);
