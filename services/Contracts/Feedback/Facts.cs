using System.Runtime.Serialization;

namespace WalkTalk.Contracts.Feedback;

// What Feedback tells the other services: the screened view only, never a word a woman wrote, never a contact.
// Additive change only. Quarters are written 2026Q4; light bands day, dusk, dark, late.

/// <summary>
/// A concern was received and screened. Contributor is the random id of a mailbox or of an attendance nonce (D8 rule 12).
/// Borough and light band are "unknown" where she chose not to say; the ward is absent then, and for the categories of D8 rule 5.
/// On is the force's local day, TriageBy the last day on which it has an owner in time; neither is told of what professional standards alone have.
/// </summary>
[DataContract(Name = "concern-received")]
public sealed record ConcernReceived(
    Guid ConcernId, Guid Contributor, string? WardCode, string BoroughCode, string Category, string LightBand, string Quarter, DateOnly? On = null, DateOnly? TriageBy = null);

/// <summary>
/// A concern has an owner, a first or another: it was triaged, passed on, joined to another, or answered without any of these. InTime says of the first decision
/// whether its clock had not run out; null for every later one. On is the force's local day.
/// </summary>
[DataContract(Name = "concern-triaged")]
public sealed record ConcernTriaged(Guid ConcernId, string OwnerBody, string Quarter, DateOnly? On = null, bool? InTime = null);

/// <summary>Somebody has agreed to do something about one or more concerns. Counted is false for what burdens women (D3, X4). On is the force's local day.</summary>
[DataContract(Name = "action-agreed")]
public sealed record ActionAgreed(Guid ActionId, IReadOnlyList<Guid> ConcernIds, string Type, bool Counted, string OwnerBody, DateOnly DueOn, DateOnly? On = null);

/// <summary>The force says it is done. Reachable says whether there is anybody to tell: an address, or a mailbox that she can open; null where that was not told yet.</summary>
[DataContract(Name = "concern-claimed-done")]
public sealed record ConcernClaimedDone(Guid ConcernId, DateOnly On, bool? Reachable = null);

/// <summary>The contributor, or an independent re-audit, says it is done.</summary>
[DataContract(Name = "concern-confirmed-done")]
public sealed record ConcernConfirmedDone(Guid ConcernId, DateOnly On);

/// <summary>The contributor says it is not done: the concern is open again.</summary>
[DataContract(Name = "concern-disputed")]
public sealed record ConcernDisputed(Guid ConcernId, DateOnly On);

/// <summary>Nothing will be done, with a coded reason and a day on which that is looked at again. Reachable as with <see cref="ConcernClaimedDone"/>.</summary>
[DataContract(Name = "concern-ended-no-action")]
public sealed record ConcernEndedNoAction(Guid ConcernId, string Reason, DateOnly ReviewOn, DateOnly? On = null, bool? Reachable = null);

/// <summary>She has read the outcome, done or a no: for the first time since it was given, in her mailbox or by the link she was sent. On is the force's local day.</summary>
[DataContract(Name = "concern-outcome-read")]
public sealed record ConcernOutcomeRead(Guid ConcernId, DateOnly On);

/// <summary>A concern left the count: withdrawn by its contributor, or found to be none by two people. Only this marker remains.</summary>
[DataContract(Name = "concern-removed")]
public sealed record ConcernRemoved(Guid ConcernId, string State);

/// <summary>Something told may be a crime. Carries no place and no concern. On is the UTC day, the one its message says too.</summary>
[DataContract(Name = "disclosure-flagged")]
public sealed record DisclosureFlagged(Guid DisclosureId, DateOnly? On = null);

/// <summary>It was handed over to be recorded, within its 24 hours or not. Whose it was and what it is stays untold.</summary>
[DataContract(Name = "disclosure-handed-over")]
public sealed record DisclosureHandedOver(Guid DisclosureId, bool InTime);

/// <summary>
/// A place was audited by the parameters of D2. Feel is 0–3 and never part of the score. FeelBefore is how the same point felt in the same light to whoever first audited it at least four weeks
/// before; null where nobody had, and for what officers note.
/// </summary>
[DataContract(Name = "audit-submitted")]
public sealed record AuditSubmitted(Guid AuditId, Guid Contributor, string WardCode, string LightBand, string Quarter, IReadOnlyDictionary<string, int> Ratings, int? Feel, int? FeelBefore = null);

/// <summary>Feedback's retention has had its round. Overdue: how many rows whose time is over it has left for the next. On is the force's local day.</summary>
[DataContract(Name = "feedback-retention-run")]
public sealed record FeedbackRetentionRun(DateOnly On, int Overdue);
