using System.ComponentModel.DataAnnotations;

namespace WalkTalk.Booking;

/// <summary>Section <c>Booking</c> of the configuration.</summary>
internal sealed class BookingOptions
{
    /// <summary>How long before its start a walk can still be booked. Default 2 hours; tests and demonstrations may set 0.</summary>
    public TimeSpan MinimumNotice { get; set; } = TimeSpan.FromHours(2);

    /// <summary>How far ahead walks are published and found. Default 8 weeks.</summary>
    [Range(1, 365)] public int HorizonDays { get; set; } = 56;

    /// <summary>An officer's time between walks, before and after each: travel, write-up. Default 15 minutes each.</summary>
    public TimeSpan Buffer { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>Walks of an officer that begin on one local day, at most. Default 3.</summary>
    [Range(1, 100)] public int MaximumADay { get; set; } = 3;

    /// <summary>From the end of an officer's walk to the start of one on another day. Default 11 hours, the daily rest of the Working Time Regulations 1998.</summary>
    public TimeSpan Rest { get; set; } = TimeSpan.FromHours(11);

    /// <summary>How long a place is held while contact and code are given. Default 10 minutes.</summary>
    public TimeSpan Hold { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the code of a walk request works. Default 30 minutes: no place is kept from anybody meanwhile.</summary>
    public TimeSpan RequestCode { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a place is kept for an under-18 whose own code has come back, until her guardian's does. Default 24 hours, never into the minimum notice.</summary>
    public TimeSpan GuardianHold { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Within how many working days a walk request is answered, and a need arranged. Default 2.</summary>
    [Range(1, 20)] public int RequestWorkingDays { get; set; } = 2;
}
