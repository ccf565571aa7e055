using System.Buffers.Text;
using System.Globalization;
using System.Text;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>A cursor over (day, id): stable however many rows arrive meanwhile, opaque to the caller.</summary>
internal static class Paging
{
    public const int Size = 25;

    public static string After(DateOnly day, Guid id) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes($"{day:yyyyMMdd}{id:N}"));

    /// <summary>Null for no cursor; a refusal for one that is not ours.</summary>
    public static (DateOnly Day, Guid Id)? Read(string? cursor, out Refusal? refusal)
    {
        refusal = null;
        if (string.IsNullOrEmpty(cursor))
            return null;
        try
        {
            var text = Encoding.ASCII.GetString(Base64Url.DecodeFromChars(cursor));
            return (DateOnly.ParseExact(text[..8], "yyyyMMdd", CultureInfo.InvariantCulture), Guid.ParseExact(text[8..], "N"));
        }
        catch (Exception e) when (e is FormatException or ArgumentOutOfRangeException)
        {
            refusal = FeedbackRefusals.UnreadableCursor;
            return null;
        }
    }
}
