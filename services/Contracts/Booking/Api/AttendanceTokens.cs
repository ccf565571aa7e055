namespace WalkTalk.Contracts.Booking.Api;

/// <summary>A token that proves she was on a walk: <c>POST /my-walk/attendance-token</c> with her link, after it. One for each person she booked for; stored nowhere.</summary>
public sealed record AttendanceTokenReply(string Token);

/// <summary>The public key of Booking's attendance tokens: <c>GET /attendance-key</c>.</summary>
/// <param name="PublicKey">PEM, ECDSA P-256.</param>
public sealed record AttendanceKeyReply(string PublicKey);
