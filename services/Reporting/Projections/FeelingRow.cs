using WalkTalk.Contracts.Feedback;
using WalkTalk.ForcePacks;

namespace WalkTalk.Reporting.Projections;

/// <summary>What Feedback has told of two audits of one point in one light: how much safer the later one felt. Which point it is never comes here.</summary>
internal sealed class FeelingRow : IFactsRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";

    /// <summary>Quarter and place of the later audit.</summary>
    public string Quarter { get; private set; } = "";
    public string WardCode { get; private set; } = "";
    public string? BoroughCode { get; private set; }

    /// <summary>After less before, -3 to 3.</summary>
    public int Change { get; private set; }

    public void Apply(AuditSubmitted fact, ForcePack pack) =>
        (Quarter, WardCode, BoroughCode, Change) = (fact.Quarter, fact.WardCode, pack.FindWard(fact.WardCode)?.BoroughCode, fact.Feel!.Value - fact.FeelBefore!.Value);
}
