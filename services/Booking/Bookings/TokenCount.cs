using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>
/// How many attendance tokens were taken of a booking, apart from it: counting leaves the booking's row where it lies, and each morning these rows are
/// written anew in the order of their ids, so that nobody who has the files can tell in which order tokens were taken.
/// </summary>
internal sealed class TokenCount : IForceRow, ISettled
{
    public required Guid BookingId { get; init; }
    public string ForceId { get; set; } = "";
    public int Taken { get; set; }
    public bool Settled { get; set; }
}
