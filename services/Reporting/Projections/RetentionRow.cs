using System.Security.Cryptography;
using System.Text;

namespace WalkTalk.Reporting.Projections;

/// <summary>The last round of one service's retention: its day, and how many rows whose time was over it left.</summary>
internal sealed class RetentionRow : IFactsRow
{
    public Guid Id { get; set; }
    public string ForceId { get; set; } = "";
    public string Service { get; set; } = "";
    public DateOnly? RanOn { get; private set; }
    public int Overdue { get; private set; }

    /// <summary>One row for each force and service.</summary>
    public static Guid IdOf(string force, string service) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"retention of {force} {service}")).AsSpan(0, 16));

    /// <summary>Of two rounds on one day the later one left fewer.</summary>
    public void Apply(string service, DateOnly on, int overdue)
    {
        Service = service;
        if (!(RanOn > on)) (RanOn, Overdue) = (on, RanOn == on ? Math.Min(Overdue, overdue) : overdue);
    }
}
