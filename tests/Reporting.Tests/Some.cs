using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Feedback;
using WalkTalk.Disclosure;

namespace WalkTalk.Reporting.Tests;

/// <summary>Facts as Booking and Feedback tell them.</summary>
internal static class Some
{
    public const string BrixtonWindrush = "E05014098", Peckham = "E05011110", Lambeth = "E09000022", Southwark = "E09000028";

    /// <summary>A walk that ended, with one booking that met.</summary>
    public static IEnumerable<object> Walk(string quarter, string ward = BrixtonWindrush, string light = "dark", int verified = 1, bool ends = true)
    {
        var (walk, booking, starts) = (Guid.NewGuid(), Guid.NewGuid(), In(quarter, 18));
        yield return new WalkPublished(walk, ward, starts, starts.AddHours(1), light, 4);
        yield return new BookingConfirmed(booking, walk, 1);
        if (!ends) yield break;
        yield return new BookingMet(booking, walk);
        yield return new WalkStarted(walk, verified, 1 - verified);
        yield return new WalkEnded(walk, 1);
    }

    /// <summary>A concern that came as far as said: received, triaged, in-action, claimed, confirmed, disputed, refused.</summary>
    public static IEnumerable<object> Concern(
        string quarter, string reached = "received", string ward = BrixtonWindrush, string light = "dark", string category = "ENV-LIGHT-OUT", Guid? by = null)
    {
        var concern = Guid.NewGuid();
        var day = DateOnly.FromDateTime(In(quarter, 12).Date);
        yield return new ConcernReceived(concern, by ?? Guid.NewGuid(), ward, ward == Peckham ? Southwark : Lambeth, category, light, quarter, day, day.AddDays(7));
        if (reached == "received") yield break;
        yield return new ConcernTriaged(concern, "LA", quarter, day.AddDays(1), true);
        if (reached == "triaged") yield break;
        if (reached == "refused")
        {
            yield return new ConcernEndedNoAction(concern, "NA-COST", day.AddDays(300), day.AddDays(3));
            yield break;
        }
        yield return new ActionAgreed(Guid.NewGuid(), [concern], "LIGHT", true, "LA", day.AddDays(20), day.AddDays(2));
        if (reached == "in-action") yield break;
        yield return new ConcernClaimedDone(concern, day.AddDays(5));
        if (reached == "claimed") yield break;
        yield return reached == "confirmed" ? new ConcernConfirmedDone(concern, day.AddDays(9)) : new ConcernDisputed(concern, day.AddDays(9));
    }

    private static DateTimeOffset In(string quarter, int hour) =>
        Quarter.TryParse(quarter, out var q) ? new(q.FirstDay.AddDays(40), new TimeOnly(hour, 0), TimeSpan.Zero) : throw new ArgumentException(quarter);
}
