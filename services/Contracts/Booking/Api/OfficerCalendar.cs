namespace WalkTalk.Contracts.Booking.Api;

/// <summary>Whether the signed-in officer's calendar has an address: <c>GET /calendar-address</c>. <c>DELETE</c> ends it.</summary>
public sealed record OfficerCalendarView(bool HasAddress);

/// <summary>A new address, told this once: <c>POST /calendar-address</c>. The one before works no more.</summary>
/// <param name="Secret">Sent as <c>Authorization: Calendar {secret}</c> with <c>GET /officer-calendar.ics</c>.</param>
public sealed record OfficerCalendarMade(string Secret);
