using System.Net;
using System.Net.Http.Json;
using WalkTalk.Contracts.Booking;
using WalkTalk.Contracts.Booking.Api;

namespace WalkTalk.Booking.Tests.Meeting;

public abstract class OfficerAbsentTests(BookingApp app)
{
    private async Task<HttpResponseMessage> SayAbsent(HttpClient her)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/metropolitan/my-walk/officer-absent");
        request.Headers.Add("If-Match", (await app.MyWalk(her)).ETag);
        return await her.SendAsync(request);
    }

    [Fact]
    public async Task She_says_that_nobody_came_is_told_sorry_and_the_coordinator_is_called()
    {
        var (officer, _) = await app.SignedInOfficer(0);
        var walk = await app.Publish(officer.OfficerId);
        var (bookingId, her) = await app.Book(walk.WalkId);
        app.Time.SetUtcNow(walk.StartsAt.AddMinutes(9));
        Assert.False((await app.MyWalk(her)).CanSayNobodyCame);
        Assert.Equal("not-absent-yet", await (await SayAbsent(her)).Refusal(409));
        Assert.Equal("if-match-required", await (await her.PostAsync("/v1/metropolitan/my-walk/officer-absent", null)).Refusal(428));

        app.Time.SetUtcNow(walk.StartsAt.AddMinutes(10));
        Assert.True((await app.MyWalk(her)).CanSayNobodyCame);
        Assert.Equal(HttpStatusCode.NoContent, (await SayAbsent(her)).StatusCode);
        Assert.Equal("noshowofficer", (await app.MyWalk(her)).State);
        var sorry = (await app.Messages("no-show-sorry", bookingId)).Single();
        Assert.Equal((true, "/metropolitan/walks", "/metropolitan/complain"), (sorry.Mandatory, sorry.Fields["rebook_link"], sorry.Fields["complaint_link"]));
        Assert.Contains(new BookingCancelled(bookingId, walk.WalkId, "force", "no-show"), await app.Published<BookingCancelled>());
        var alert = (await app.Coordinator.GetFromJsonAsync<List<AlertRow>>("/v1/metropolitan/alerts"))!.Single(a => a.WalkId == walk.WalkId);
        Assert.Equal("overdue", alert.Kind);
        Assert.Equal("not-absent-yet", await (await SayAbsent(her)).Refusal(409)); // said once
    }

    [Fact]
    public async Task The_coordinator_says_it_for_everybody_and_the_officer_is_free()
    {
        var (officer, _) = await app.SignedInOfficer(1);
        var walk = await app.Publish(officer.OfficerId);
        var (first, _) = await app.Book(walk.WalkId);
        var (second, _) = await app.Book(walk.WalkId);
        var path = $"/v1/metropolitan/walks/{walk.WalkId}/officer-absent";
        Assert.Equal("not-absent-yet", await (await app.Coordinator.PostAsync(path, null)).Refusal(409));
        Assert.Equal("walk-unknown", await (await app.Coordinator.PostAsync($"/v1/metropolitan/walks/{Guid.NewGuid()}/officer-absent", null)).Refusal(404));

        app.Time.SetUtcNow(walk.StartsAt.AddMinutes(20));
        Assert.Equal(HttpStatusCode.NoContent, (await app.Coordinator.PostAsync(path, null)).StatusCode);
        foreach (var id in (Guid[])[first, second])
        {
            Assert.Equal(BookingState.NoShowOfficer, (await app.Booking(id)).State);
            Assert.Single(await app.Messages("no-show-sorry", id));
            Assert.Empty(await app.Messages("walk-cancelled", id));
        }
        Assert.Contains(new WalkCancelled(walk.WalkId, "officer-unavailable"), await app.Published<WalkCancelled>());
        Assert.Equal("walk-not-open", await (await app.Coordinator.PostAsync(path, null)).Refusal(409));
    }

    [Fact]
    public async Task Nobody_says_it_of_a_walk_that_has_begun()
    {
        var (row, officer) = await app.SignedInOfficer(2);
        var walk = await app.Publish(row.OfficerId);
        var (bookingId, her) = await app.Book(walk.WalkId);
        app.Time.SetUtcNow(walk.StartsAt);
        var words = (await app.MyWalk(her)).Words!;
        (await officer.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/bookings/{bookingId}/words", new { heard = words.YouSay })).EnsureSuccessStatusCode();
        (await officer.PostAsJsonAsync($"/v1/metropolitan/walks/{walk.WalkId}/start", new { })).EnsureSuccessStatusCode();
        app.Time.SetUtcNow(walk.StartsAt.AddMinutes(15));
        Assert.Equal("not-absent-yet", await (await SayAbsent(her)).Refusal(409));
        Assert.Equal("walk-not-open", await (await app.Coordinator.PostAsync($"/v1/metropolitan/walks/{walk.WalkId}/officer-absent", null)).Refusal(409));
    }
}

public sealed class OfficerAbsentOnSqlite(BookingApp.Sqlite app) : OfficerAbsentTests(app), IClassFixture<BookingApp.Sqlite>;

public sealed class OfficerAbsentOnPostgres(BookingApp.Postgres app) : OfficerAbsentTests(app), IClassFixture<BookingApp.Postgres>;
