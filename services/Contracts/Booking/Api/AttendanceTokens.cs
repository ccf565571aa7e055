namespace WalkTalk.Contracts.Booking.Api;

/// <summary>A token that proves she was on a walk: <c>POST /my-walk/attendance-token</c> with her link, after it. One for each person she booked for; stored nowhere.
/// <c>GET /attendance-key</c> answers the public key that verifies it, PEM, ECDSA P-256.</summary>
public sealed record AttendanceTokenReply(string Token);
