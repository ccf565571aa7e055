using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>The newest answers of a ward in the shape of data.police.uk's neighbourhood priorities.</summary>
internal static class ReadPriorities
{
    /// <summary>That format has no pages.</summary>
    private const int Most = 100;

    public static async Task<Results<Ok<List<Priority>>, Refusal>> Handle(string ward, FeedbackDb db, ForcePackCatalogue packs, CancellationToken ct)
    {
        if (packs.Get(db.Force!).FindWard(ward) is null)
            return FeedbackRefusals.UnknownWard with { Status = StatusCodes.Status404NotFound, Field = "ward", Detail = "A neighbourhood is a ward by its ONS code, for example E05014098." };
        var entries = await db.Board.AsNoTracking().Where(e => e.WardCode == ward)
            .OrderByDescending(e => e.ChangedOn).ThenBy(e => e.Id).Take(Most).ToListAsync(ct);
        return TypedResults.Ok(entries.ConvertAll(e =>
        {
            // What the force said or did last; what women say is no action of the force.
            var action = e.Steps.LastOrDefault(s => s.Kind is not ("review" or "women-say-done" or "women-say-not-done"));
            return new Priority(Html(e.Asked), At(e.Period), action is null ? null : Html($"{FeedBoard.Kind(action.Kind)}: {action.Text}"), action is null ? null : At(action.When));
        }));
    }

    /// <summary>Its readers print both texts as HTML.</summary>
    private static string Html(string text) => $"<p>{HtmlEncoder.Default.Encode(text)}</p>";

    private static string At(string when) => $"{BoardEntry.FirstDay(when).Iso()}T00:00:00";
}
