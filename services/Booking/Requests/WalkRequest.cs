using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

internal enum RequestState { ContactPending, Received, Matched, Declined, Withdrawn }

/// <summary>
/// No walk suits her, so she asks for one. From the moment her contact is verified a clock runs until the force has answered: by a place on a walk
/// or by a reasoned no. Where and in which light are kept in the clear, because unmet demand is counted by them; what she needs is kept like her contact.
/// </summary>
internal sealed class WalkRequest : Participant
{
    public RequestState State { get; set; } = RequestState.ContactPending;

    /// <summary>Null: anywhere.</summary>
    public string? WardCode { get; init; }

    /// <summary>Null: in any light.</summary>
    public LightBand? Band { get; init; }
    public required List<string> Days { get; init; }
    public required List<string> Times { get; init; }
    public required int People { get; init; }

    public DateTimeOffset? ReceivedAt { get; set; }
    public DateTimeOffset? DueAt { get; set; }

    /// <summary>When it was declined, withdrawn or its place taken: what retention counts from.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>Which reminder comes next: the warning, the due time, then one every day.</summary>
    public int Reminder { get; set; }
    public string? DeclineReason { get; set; }

    /// <inheritdoc/>
    public override bool IsOpen(DateTimeOffset now) => State == RequestState.ContactPending && now < HoldUntil;

    /// <summary>Four fifths of the time are gone: somebody is told while there is still time to answer.</summary>
    public DateTimeOffset WarnAt => ReceivedAt!.Value + (DueAt!.Value - ReceivedAt.Value) * 0.8;

    /// <summary>The code came back right: the clock runs.</summary>
    public Refusal? Receive(string? code, string? guardianCode, DateTimeOffset due, DateTimeOffset now)
    {
        if (Prove(code, guardianCode, now) is { } refused) return refused;
        return Receive(due, now);
    }

    /// <summary>The clock runs: her contact was verified before.</summary>
    public Refusal? Receive(DateTimeOffset due, DateTimeOffset now)
    {
        (State, ReceivedAt, DueAt) = (RequestState.Received, now, due);
        return null;
    }

    /// <summary>When the next reminder falls due. There always is one while the request waits for its answer.</summary>
    public DateTimeOffset NextReminder(DateTimeOffset now)
    {
        var planned = Reminder switch { 0 => WarnAt, 1 => DueAt!.Value, var n => DueAt!.Value.AddDays(n - 1) };
        return planned > now ? planned : now;
    }

    public Refusal? Match() => Answer(RequestState.Matched);

    public Refusal? Decline(string reason)
    {
        if (Answer(RequestState.Declined) is { } refused) return refused;
        DeclineReason = reason;
        return null;
    }

    /// <summary>She wants it no more; also while a place is offered.</summary>
    public Refusal? Withdraw()
    {
        if (State is not (RequestState.Received or RequestState.Matched)) return Refusals.RequestAnswered;
        State = RequestState.Withdrawn;
        return null;
    }

    /// <summary>
    /// The place came to nothing, offered or taken: the request waits again, and its clock never stopped. Not when she is forgotten here: then nobody could be answered.
    /// </summary>
    public bool Reopen()
    {
        if (State != RequestState.Matched || ContactProtected is null) return false;
        (State, AnsweredAt) = (RequestState.Received, null);
        return true;
    }

    /// <summary>The last moment to answer: so many working days later, when the scheme closes that day.</summary>
    public static DateTimeOffset Due(ForcePack pack, DateTimeOffset now, int workingDays)
    {
        var day = pack.AddWorkingDays(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, pack.TimeZone).DateTime), workingDays);
        var closes = pack.OpeningHours.TryGetValue(day.DayOfWeek, out var hours) ? hours.Closes : new TimeOnly(17, 0);
        return WallClock.Instant(day, closes, pack.TimeZone) ?? WallClock.Instant(day, new TimeOnly(17, 0), pack.TimeZone)!.Value;
    }

    private Refusal? Answer(RequestState answer)
    {
        if (State != RequestState.Received) return Refusals.RequestAnswered;
        State = answer;
        return null;
    }
}

/// <summary>A secret that opens one request. Every mail brings a fresh one; only the hash is kept.</summary>
internal sealed class RequestLink : IForceRow
{
    public required byte[] Hash { get; init; }
    public string ForceId { get; set; } = "";
    public required Guid RequestId { get; init; }
}
