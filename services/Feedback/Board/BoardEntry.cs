using System.Globalization;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.Disclosure;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Feedback;

/// <summary>
/// One answer as the public reads it. It is made coarse when it is written: what may not be published is not in this table.
/// One entry is one answer, however many women asked, so that entries cannot be counted into concerns.
/// </summary>
internal sealed class BoardEntry : IForceRow
{
    public Guid Id { get; init; } = Guid.NewGuid();
    public string ForceId { get; set; } = "";
    /// <summary>The action, the concern or the officer's promise it answers; never shown.</summary>
    public required Guid SourceId { get; init; }
    public required string Category { get; init; }
    public string? WardCode { get; init; }
    public string? BoroughCode { get; init; }
    public string? LightBand { get; init; }
    /// <summary>2026Q4, or 2026 for the categories of D8 rule 5.</summary>
    public required string Period { get; init; }
    public required string Asked { get; init; }
    public string State { get; private set; } = "in-hand";
    /// <summary>The day of the last step, no finer than that step tells it: the board's order and its feeds show it.</summary>
    public DateOnly ChangedOn { get; private set; }
    public List<BoardStep> Steps { get; private set; } = [];

    /// <summary>Ward, quarter and band at the finest; borough and year alone where the pack says so.</summary>
    public static BoardEntry Coarse(Guid sourceId, ConcernType type, Concern concern, string asked) =>
        Coarse(sourceId, type, concern.Quarter, concern.BoroughCode, concern.WardCode, concern.LightBand, asked);

    public static BoardEntry Coarse(Guid sourceId, ConcernType type, string period, string? boroughCode, string? wardCode, string? lightBand, string asked)
    {
        _ = Quarter.TryParse(period, out var quarter); // written by us or signed by Booking
        var coarse = PlaceAndTime.Coarsened(boroughCode ?? "", wardCode, quarter, lightBand, type.BoroughByYearOnly);
        return new BoardEntry
        {
            SourceId = sourceId, Category = type.Code, Asked = asked, WardCode = coarse.WardCode, LightBand = coarse.LightBand,
            BoroughCode = coarse.BoroughCode is { Length: > 0 } borough ? borough : null,
            Period = coarse.Quarter?.ToString() ?? coarse.Year.ToString(CultureInfo.InvariantCulture),
        };
    }

    /// <summary>For several concerns: what they do not share is left out.</summary>
    public BoardEntry Coarser(bool sameWard, bool sameBorough, bool sameBand) => new()
    {
        SourceId = SourceId, Category = Category, Period = Period, Asked = Asked,
        WardCode = sameWard ? WardCode : null, BoroughCode = sameBorough ? BoroughCode : null, LightBand = sameBand ? LightBand : null,
    };

    /// <summary>What the force said or did carries its day.</summary>
    public void ForceSays(string state, string kind, DateOnly on, string text) =>
        Add(state, new BoardStep(kind, on.Iso(), text));

    /// <summary>The day on which a no is looked at again is still to come: it is told, and does not make the answer a newer one.</summary>
    public void LooksAgain(DateOnly on, string ownerRole) => Steps = [.. Steps, new BoardStep("review", on.Iso(), ownerRole)];

    /// <summary>What women say carries the entry's own grain, a quarter or a year, and no words.</summary>
    public void WomenSay(bool done, string quarter) => Add(
        done ? "women-say-done" : "women-say-not-done",
        new BoardStep(done ? "women-say-done" : "women-say-not-done", Period.Length == 4 ? quarter[..4] : quarter, null));

    /// <summary>The first day of a period (2026Q4, 2026) or the day itself.</summary>
    public static DateOnly FirstDay(string when) => Quarter.TryParse(when, out var quarter) ? quarter.FirstDay
        : when.Length == 4 ? new DateOnly(int.Parse(when, CultureInfo.InvariantCulture), 1, 1)
        : DateOnly.ParseExact(when, "O", CultureInfo.InvariantCulture);

    /// <summary>The day of the last step as its feeds tell it: the year alone where the entry has no more.</summary>
    public DateOnly Updated()
    {
        var last = Steps.Where(s => s.Kind != "review").Select(s => FirstDay(s.When)).Append(FirstDay(Period)).Max();
        return Period.Length == 4 ? new DateOnly(last.Year, 1, 1) : last;
    }

    private void Add(string state, BoardStep step)
    {
        // The same said twice in a quarter is one step: steps must not count women either.
        if (!Steps.Contains(step))
            Steps = [.. Steps, step];
        // One woman's "done" does not outweigh another's "not done".
        if (!(State == "women-say-not-done" && state == "women-say-done"))
            State = state;
        // Not today: the day on which a woman spoke is hers.
        if (FirstDay(step.When) is var on && on > ChangedOn)
            ChangedOn = on;
    }
}
