using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

internal enum PartnerState
{
    /// <summary>The partner has no endpoint: it reads it here with its key.</summary>
    Offered,
    /// <summary>To be sent when it is due.</summary>
    Waiting,
    /// <summary>Being sent. Found like this later it may have arrived or not.</summary>
    Sending,
    /// <summary>It may have arrived: it is looked for there before anything else.</summary>
    Uncertain,
    /// <summary>Taken; the partner's reference is still to come.</summary>
    Token,
    /// <summary>Taken under a reference; its status is asked for.</summary>
    Sent,
    /// <summary>Not taken, with a reason. For a person.</summary>
    Refused,
    /// <summary>Nobody can tell whether it arrived. For a person, who asks there.</summary>
    Unclear,
    /// <summary>Never reached them in all those days. For a person.</summary>
    GaveUp,
    Withdrawn,
}

/// <summary>What a partner wrote about it: by whom it is known as the same, when it came, its status and text.</summary>
internal sealed record PartnerUpdate(string Id, DateTimeOffset At, string Status, string? Text);

/// <summary>
/// A referral that leaves by program: what is sent, all of it, and what became of it. GeoReport has no key by which a server knows a request
/// again, so it is sent a second time only after a person has said that it is not there, and even then it is looked for first.
/// </summary>
internal sealed class PartnerRequest : IForceRow, IVersioned
{
    /// <summary>How long until it is tried again, after each failure in a row; then a person decides.</summary>
    private static readonly TimeSpan[] Delays =
        [Minutes(1), Minutes(5), Minutes(30), Minutes(120), Minutes(360), Minutes(720), Minutes(1440), Minutes(1440), Minutes(1440)];
    /// <summary>When it is looked for where it may have arrived: a body may show it late.</summary>
    private static readonly TimeSpan[] Looks = [Minutes(1), Minutes(10), Minutes(60)];
    /// <summary>When a token is asked for its reference: at first as often as FixMyStreet does.</summary>
    private static readonly TimeSpan[] Polls =
        [Seconds(2), Seconds(2), Seconds(2), Seconds(2), Seconds(2), Minutes(1), Minutes(10), Minutes(60), Minutes(360), Minutes(1440), Minutes(1440), Minutes(1440)];
    private const int MostUpdates = 20;

    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    public long Version { get; set; }
    public required Guid ConcernId { get; init; }
    /// <summary>The partner's id in the force pack, and its body.</summary>
    public required string Partner { get; init; }
    public required string Body { get; init; }
    /// <summary>What it is called outside. Random, and not the reference she holds.</summary>
    public string Reference { get; init; } = References.New(8);
    public required string Code { get; init; }
    public required string ServiceCode { get; init; }
    /// <summary>Words a coordinator wrote for others to read.</summary>
    public required string Description { get; init; }
    /// <summary>Why it is passed on, in words she may read; she is told once it has arrived.</summary>
    public required string Why { get; init; }
    public required string Address { get; init; }
    /// <summary>The centre of the ward; null where only the borough is known.</summary>
    public double? Lat { get; init; }
    public double? Long { get; init; }
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }
    /// <summary>The concern before it was passed on, should it be taken back.</summary>
    public required ConcernMemo Before { get; init; }

    public PartnerState State { get; set; }
    /// <summary>Why it stands where it stands: a code the pages have words for.</summary>
    public string? Reason { get; private set; }
    /// <summary>The partner's own words to it, with personal data masked.</summary>
    public string? TheirWords { get; private set; }
    public string? TheirReference { get; private set; }
    public string? Token { get; private set; }
    /// <summary>open or closed, as the partner last said.</summary>
    public string? TheirStatus { get; private set; }
    public string? TheirNotes { get; private set; }
    public IReadOnlyList<PartnerUpdate> Updates { get; private set; } = [];
    public DateTimeOffset MadeAt { get; init; }
    public DateTimeOffset? SentAt { get; private set; }
    public DateTimeOffset? LookedAt { get; private set; }
    /// <summary>When it is brought on; null while it waits for somebody.</summary>
    public DateTimeOffset? DueAt { get; set; }
    public DateTimeOffset? LeasedUntil { get; set; }
    /// <summary>It was sent once, and nobody knows what became of that.</summary>
    public bool MayBeThere { get; private set; }
    public int Failures { get; private set; }
    public int Tries { get; private set; }

    public bool NeedsPerson => State is PartnerState.Refused or PartnerState.Unclear or PartnerState.GaveUp;

    /// <summary>What a coordinator may do with it: retry, withdraw, reference (enter the one they gave by telephone).</summary>
    public IReadOnlyList<string> Next => State switch
    {
        PartnerState.Offered => ["withdraw", "reference"],
        PartnerState.Waiting => MayBeThere ? ["reference"] : ["withdraw"],
        PartnerState.Refused or PartnerState.GaveUp => ["retry", "withdraw", "reference"],
        PartnerState.Unclear => ["retry", "withdraw", "reference"],
        _ => [],
    };

    /// <summary>From here on it may have arrived, whatever happens to this process.</summary>
    public void BeginSending(DateTimeOffset now) => (State, SentAt, DueAt) = (PartnerState.Sending, now, now);

    /// <summary>It was being sent when a process ended.</summary>
    public void FoundSending() => (State, Reason, MayBeThere, Failures, Tries) = (PartnerState.Uncertain, "broken-off", true, 0, 0);

    public Refusal? Retry(DateTimeOffset now)
    {
        if (!Next.Contains("retry"))
            return Wrong("retried");
        (State, Reason, TheirWords, Failures, Tries, DueAt) = (PartnerState.Waiting, null, null, 0, 0, now);
        return null;
    }

    public Refusal? Withdraw()
    {
        if (!Next.Contains("withdraw"))
            return Wrong("withdrawn");
        (State, DueAt, LeasedUntil) = (PartnerState.Withdrawn, null, null);
        return null;
    }

    /// <summary>Nothing more is sent or asked. What may be there stays in the way of another one.</summary>
    public void End()
    {
        (DueAt, LeasedUntil) = (null, null);
        State = State == PartnerState.Sent ? State : MayBeThere || State is PartnerState.Token or PartnerState.Sending ? PartnerState.Unclear : PartnerState.Withdrawn;
    }

    /// <summary>The reference the partner gave in another way.</summary>
    public Refusal? Know(string reference, DateTimeOffset now)
    {
        if (!Next.Contains("reference"))
            return Wrong("given a reference");
        Arrive(reference, now, State == PartnerState.Offered ? null : now);
        return null;
    }

    /// <summary>What an answer of the partner changes, and what follows from it for the concern.</summary>
    public PartnerNews Hear(Heard heard, DateTimeOffset now, TimeSpan pullEvery)
    {
        if (heard.What is not (HeardWhat.Nothing or HeardWhat.NotReached))
            LookedAt = now;
        switch (heard.What)
        {
            case HeardWhat.Arrived:
                Arrive(heard.Id!, now, now + pullEvery);
                return PartnerNews.Arrived;
            case HeardWhat.Token:
                (State, Token, Reason, Failures, Tries, DueAt) = (PartnerState.Token, heard.Id, null, 0, 0, now + Polls[0]);
                return PartnerNews.None;
            case HeardWhat.Refused when State is PartnerState.Waiting or PartnerState.Sending:
                return Stop(PartnerState.Refused, heard.Reason!, heard.Words);
            case HeardWhat.Status:
                return Take(heard, now, now + pullEvery);
            case HeardWhat.NotThere when State == PartnerState.Token:
                if (Tries + 1 >= Polls.Length)
                    return Stop(PartnerState.Unclear, "no-reference", null);
                (Failures, DueAt) = (0, now + Polls[++Tries]);
                return PartnerNews.None;
            case HeardWhat.NotThere when State == PartnerState.Sent:
                (Reason, DueAt) = ("not-found-there", now + pullEvery);
                return PartnerNews.None;
            case HeardWhat.NotThere:
                if (++Tries >= Looks.Length)
                    return Stop(PartnerState.Unclear, "not-found-there", null);
                (Failures, DueAt) = (0, now + Looks[Tries]);
                return PartnerNews.None;
            case HeardWhat.Nothing when State == PartnerState.Sending:
                // It went out, and what came back tells nothing.
                (State, MayBeThere, Reason, TheirWords, Failures, Tries, DueAt) = (PartnerState.Uncertain, true, heard.Reason, heard.Words, 0, 0, now + Looks[0]);
                return PartnerNews.None;
            default:
                if (State == PartnerState.Sending)
                    State = PartnerState.Waiting;
                return Postpone(heard, now, pullEvery);
        }
    }

    /// <summary>A partner that comes itself says how it stands; the first time under which reference it knows it.</summary>
    public PartnerNews HearFrom(PartnerUpdate update, string? reference, DateTimeOffset now)
    {
        var first = TheirReference is null && reference is not null;
        if (first)
            Arrive(reference!, now, null);
        LookedAt = now;
        return Take(new Heard(HeardWhat.Status) { Status = update.Status, Words = update.Text, Updates = [update] }, now, DueAt) | (first ? PartnerNews.Arrived : PartnerNews.None);
    }

    private PartnerNews Take(Heard heard, DateTimeOffset now, DateTimeOffset? next)
    {
        var closed = heard.Status == "closed" && TheirStatus != "closed";
        (Failures, Reason, DueAt, TheirStatus, TheirNotes) = (0, null, next, heard.Status ?? TheirStatus, heard.Words ?? TheirNotes);
        if (heard.Updates?.Where(u => Updates.All(known => known.Id != u.Id)).ToList() is { Count: > 0 } added)
            Updates = [.. Updates.Concat(added).OrderBy(u => u.At).TakeLast(MostUpdates)];
        return closed ? PartnerNews.Closed : PartnerNews.None;
    }

    private void Arrive(string reference, DateTimeOffset now, DateTimeOffset? next) =>
        (State, TheirReference, SentAt, Token, Reason, TheirWords, MayBeThere, Failures, Tries, DueAt) = (PartnerState.Sent, reference, SentAt ?? now, null, null, null, false, 0, 0, next);

    private PartnerNews Postpone(Heard heard, DateTimeOffset now, TimeSpan pullEvery)
    {
        (Reason, TheirWords) = (heard.Reason, heard.Words);
        // What has arrived is asked for as long as it is open; its clock here tells a person.
        if (State == PartnerState.Sent)
            DueAt = now + (Failures < Delays.Length && Delays[Failures] < pullEvery ? Delays[Failures] : pullEvery);
        else if (Failures >= Delays.Length)
            return Stop(MayBeThere || State == PartnerState.Token ? PartnerState.Unclear : PartnerState.GaveUp, heard.Reason!, heard.Words);
        else
            DueAt = now + (heard.After > Delays[Failures] && heard.After < Minutes(1440) ? heard.After.Value : Delays[Failures]);
        Failures++;
        return PartnerNews.None;
    }

    private PartnerNews Stop(PartnerState state, string reason, string? words)
    {
        (State, Reason, TheirWords, DueAt) = (state, reason, words, null);
        return PartnerNews.NeedsPerson;
    }

    private Refusal Wrong(string what) => FeedbackRefusals.WrongState with { Detail = $"It is {State}; it cannot be {what} now." };

    private static TimeSpan Minutes(int minutes) => TimeSpan.FromMinutes(minutes);
    private static TimeSpan Seconds(int seconds) => TimeSpan.FromSeconds(seconds);
}

internal enum HeardWhat
{
    /// <summary>It did not go out, or they said to come later: sent again without fear.</summary>
    NotReached,
    /// <summary>It went out; what became of it is not known.</summary>
    Nothing,
    Refused, Arrived, Token, Status, NotThere,
}

/// <summary>What was heard from a partner.</summary>
/// <param name="What">What it amounts to.</param>
/// <param name="Reason">A code, where it is no good news.</param>
internal sealed record Heard(HeardWhat What, string? Reason = null)
{
    /// <summary>Their own words, with personal data masked.</summary>
    public string? Words { get; init; }
    /// <summary>Their reference, or their token.</summary>
    public string? Id { get; init; }
    /// <summary>open or closed.</summary>
    public string? Status { get; init; }
    public IReadOnlyList<PartnerUpdate>? Updates { get; init; }
    /// <summary>They asked not to be tried again before.</summary>
    public TimeSpan? After { get; init; }
}

[Flags]
internal enum PartnerNews
{
    None = 0,
    /// <summary>They have it and gave a reference.</summary>
    Arrived = 1,
    /// <summary>They call it closed for the first time. That ends nothing here.</summary>
    Closed = 2,
    NeedsPerson = 4,
}
