using Microsoft.AspNetCore.Http.HttpResults;
using WalkTalk.Contracts.Feedback.Api;

namespace WalkTalk.Feedback;

/// <summary>Lets the form show 999, or what recording means, before she goes on. Stores nothing.</summary>
internal static class CheckText
{
    public static Ok<TextChecked> Handle(TextCheck check) =>
        TypedResults.Ok(new TextChecked(Cues.Danger(check.Text), Cues.Crime(check.Text) || Cues.Safeguarding(check.Text), Cues.PoliceConduct(check.Text)));
}
