using System.Runtime.Serialization;

namespace WalkTalk.Contracts.Booking;

// What Booking tells the other services. Additive change only; a break is a new record beside the old one.
// The force travels in the delivery's envelope. Light bands: day, dusk, dark, late.

/// <summary>A walk can be found and booked. Times are UTC.</summary>
[DataContract(Name = "walk-published")]
public sealed record WalkPublished(Guid WalkId, string WardCode, DateTimeOffset StartsAt, DateTimeOffset EndsAt, string LightBand, int Capacity);

/// <summary>A walk will not take place.</summary>
[DataContract(Name = "walk-cancelled")]
public sealed record WalkCancelled(Guid WalkId, string Reason);

/// <summary>A walk has begun: how many bookings met by a match, and how many by a logged override.</summary>
[DataContract(Name = "walk-started")]
public sealed record WalkStarted(Guid WalkId, int Verified, int Overridden);

/// <summary>A walk is over: how many people took part.</summary>
[DataContract(Name = "walk-ended")]
public sealed record WalkEnded(Guid WalkId, int Attended);

/// <summary>A place is taken and its contact verified.</summary>
[DataContract(Name = "booking-confirmed")]
public sealed record BookingConfirmed(Guid BookingId, Guid WalkId, int Places);

/// <summary>A confirmed place is free again. By: participant or force. Late: the force called it off less than 24 hours before its start.</summary>
[DataContract(Name = "booking-cancelled")]
public sealed record BookingCancelled(Guid BookingId, Guid WalkId, string By, string Reason, bool Late = false);

/// <summary>A confirmed booking has gone to another walk; its place on the first is free again. Of several moves the one with the highest revision is the last.</summary>
[DataContract(Name = "booking-moved")]
public sealed record BookingMoved(Guid BookingId, Guid FromWalkId, Guid ToWalkId, int Places, int Revision);

/// <summary>A walk is asked for, contact verified: where (null: anywhere) and in which light (null: any).</summary>
[DataContract(Name = "walk-requested")]
public sealed record WalkRequested(Guid RequestId, string? WardCode, string? LightBand);

/// <summary>A place was offered for a request: so many minutes after she asked, counted to when she was told. Of several the first counts.</summary>
[DataContract(Name = "walk-request-offered")]
public sealed record WalkRequestOffered(Guid RequestId, int MinutesAfter);

/// <summary>What was asked for has taken place: she was on the walk.</summary>
[DataContract(Name = "walk-request-walked")]
public sealed record WalkRequestWalked(Guid RequestId);

/// <summary>A request for a walk has its answer. Outcome: matched, declined or withdrawn.</summary>
[DataContract(Name = "walk-request-answered")]
public sealed record WalkRequestAnswered(Guid RequestId, string Outcome);

/// <summary>Officer and participant have proved themselves to each other.</summary>
[DataContract(Name = "booking-met")]
public sealed record BookingMet(Guid BookingId, Guid WalkId);

/// <summary>The words did not match three times, or somebody said that something is wrong.</summary>
[DataContract(Name = "meeting-mismatched")]
public sealed record MeetingMismatched(Guid WalkId, Guid BookingId);

/// <summary>Booking's retention has had its round. Overdue: how many rows whose time is over it has left for the next. On is the force's local day.</summary>
[DataContract(Name = "booking-retention-run")]
public sealed record BookingRetentionRun(DateOnly On, int Overdue);
