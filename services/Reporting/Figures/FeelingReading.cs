using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Reporting.Api;
using WalkTalk.Reporting.Data;

namespace WalkTalk.Reporting.Figures;

/// <summary>How much safer places felt, from pairs of audits of one point in one light.</summary>
internal static class FeelingReading
{
    /// <summary>Fewer pairs have no mean, and no difference of percentages (D7).</summary>
    private const int PairsForMean = 8, PairsForNet = 25;

    public static async Task<FeelingFigures> ReadFeeling(this ReportingDb db, FiguresFilter filter, CancellationToken ct)
    {
        var (quarter, borough, ward) = filter;
        return Of(await db.Feelings
            .Where(f => (quarter == null || f.Quarter == quarter) && (borough == null || f.BoroughCode == borough) && (ward == null || f.WardCode == ward))
            .GroupBy(f => f.Change).Select(g => new ChangeCount(g.Key, g.Count())).ToListAsync(ct));
    }

    internal static FeelingFigures Of(IReadOnlyCollection<ChangeCount> changes)
    {
        var n = changes.Sum(c => c.Count);
        double? net = n < PairsForNet ? null : Math.Round(100.0 * changes.Sum(c => Math.Sign(c.Change) * c.Count) / n, 1);
        if (n < PairsForMean) return new(null, null, net, n);
        var mean = changes.Sum(c => (double)c.Change * c.Count) / n;
        var deviation = Math.Sqrt(changes.Sum(c => Math.Pow(c.Change - mean, 2) * c.Count) / (n - 1));
        return new(Math.Round(mean, 2), Math.Round(Student(n - 1) * deviation / Math.Sqrt(n), 2), net, n);
    }

    /// <summary>Student's t of 97.5 %, to half a hundredth from seven degrees of freedom on: the normal quantile, widened (Abramowitz and Stegun 26.7.5).</summary>
    private static double Student(int freedom)
    {
        const double z = 1.959964;
        return z + (Math.Pow(z, 3) + z) / (4 * freedom) + (5 * Math.Pow(z, 5) + 16 * Math.Pow(z, 3) + 3 * z) / (96.0 * freedom * freedom)
            + (3 * Math.Pow(z, 7) + 19 * Math.Pow(z, 5) + 17 * Math.Pow(z, 3) - 15 * z) / (384.0 * freedom * freedom * freedom);
    }
}

/// <summary>How many pairs changed by so much.</summary>
internal sealed record ChangeCount(int Change, int Count);
