using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using WalkTalk.Gateway.Web;

namespace WalkTalk.Gateway.Tests;

/// <summary>From what a service refuses to what stands beside the control.</summary>
public sealed class ProblemTests
{
    private static async Task<FormState> Refused(string body, string contentType, HttpStatusCode status, params string[] fields)
    {
        using var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8, contentType) };
        var form = new FormState(new FormCollection(fields.ToDictionary(f => f, _ => new StringValues("x"))));
        form.Take(new Answer<string>(null, await Problems.Read(response, TestContext.Current.CancellationToken)));
        return form;
    }

    [Fact]
    public async Task A_refusal_of_a_field_stands_beside_its_control_whatever_its_case()
    {
        var form = await Refused("""{"type":"urn:walktalk:problem:code-wrong","title":"The code is wrong","status":400,"errors":{"code":["Enter the six digits we sent"]}}""", "application/problem+json", HttpStatusCode.BadRequest, "Code");
        Assert.Equal("Enter the six digits we sent", form.ErrorOf("Code"));
    }

    [Fact]
    public async Task A_refusal_of_a_field_that_is_not_on_the_form_stands_at_the_top()
    {
        var form = await Refused("""{"type":"urn:walktalk:problem:walk-full","title":"This walk is full","status":409,"errors":{"places":["No place is left"]}}""", "application/problem+json", HttpStatusCode.Conflict, "Name");
        Assert.Equal(new FormError(null, "No place is left"), Assert.Single(form.Errors));
    }

    [Fact]
    public async Task A_refusal_without_a_field_speaks_its_detail()
    {
        var form = await Refused("""{"type":"urn:walktalk:problem:walk-full","title":"This walk is full","status":409,"detail":"Look at 25 November"}""", "application/problem+json", HttpStatusCode.Conflict);
        Assert.Equal("Look at 25 November", Assert.Single(form.Errors).Message);
    }

    [Fact]
    public async Task What_only_an_operator_can_mend_is_told_in_words_for_her()
    {
        var form = await Refused("""{"type":"urn:walktalk:problem:storage-full","title":"There is no room","status":503,"detail":"Send the same Idempotency-Key"}""", "application/problem+json", HttpStatusCode.ServiceUnavailable);
        Assert.StartsWith("We cannot save anything at the moment. What you sent before is safe.", Assert.Single(form.Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, true)]
    [InlineData(HttpStatusCode.Conflict, false)]
    public async Task A_form_whose_answer_got_lost_is_sent_again_under_its_key(HttpStatusCode status, bool same)
    {
        var form = await Refused("""{"type":"urn:walktalk:problem:any","title":"No"}""", "application/problem+json", status, FormState.KeyField);
        Assert.Equal(same, form.Key == "x");
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>", "text/html", HttpStatusCode.BadGateway)]
    [InlineData("not json", "application/problem+json", HttpStatusCode.InternalServerError)]
    [InlineData("[]", "application/json", HttpStatusCode.InternalServerError)]
    public async Task Anything_else_than_a_problem_is_words_too(string body, string type, HttpStatusCode status)
    {
        var form = await Refused(body, type, status);
        Assert.StartsWith("This does not answer", Assert.Single(form.Errors).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("24", "11", "2026", true)]
    [InlineData("31", "2", "2026", false)]
    [InlineData("29", "2", "2028", true)]
    [InlineData("", "11", "2026", false)]
    [InlineData("-1", "11", "2026", false)]
    public void Three_boxes_are_a_day_only_when_the_day_exists(string day, string month, string year, bool real)
    {
        var form = new FormState(new FormCollection(new() { ["On.Day"] = day, ["On.Month"] = month, ["On.Year"] = year }));
        Assert.Equal(real, form.Date("On") is not null);
    }
}
