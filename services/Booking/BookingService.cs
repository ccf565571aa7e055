using Microsoft.AspNetCore.Routing;
using WalkTalk.ForcePacks;
using WalkTalk.ServiceDefaults;
using WalkTalk.ServiceDefaults.Messaging;
using WalkTalk.ServiceDefaults.Persistence;

namespace WalkTalk.Booking;

/// <summary>Booking: officers, walks, places, the meeting and the safety of a walk. Its table of contents.</summary>
public static class BookingService
{
    /// <summary>The service as data, for any host.</summary>
    public static ServiceModule Module { get; } = new("booking", Add, AddConsumers, Map);

    private static void Add(WebApplicationBuilder builder)
    {
        if (builder.Services.All(s => s.ServiceType != typeof(ForcePackCatalogue)))
        {
            var packs = ForcePackCatalogue.Load(builder.Configuration["ForcePacks:Folder"] ?? ForcePackCatalogue.DefaultFolder);
            builder.Services.AddSingleton(packs);
            builder.AddForces(packs.Ids, packs.Hash);
        }
        builder.AddServiceDb<BookingDb, SqliteBookingDb, PostgresBookingDb>("booking", async (services, db, ct) =>
        {
            await Officers.Seed(services, db, ct);
            await Demo.DemoWalks.Seed(services, db, ct);
        });
        builder.Services.AddOptions<BookingOptions>().BindConfiguration("Booking").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddValidation();
        builder.Services.AddScoped<BookingMail>();
        builder.Services.AddScoped<Waitlist>();
        builder.Services.AddScoped<Retention>();
        builder.Services.AddSingleton<AttendanceKey>();
    }

    private static void AddConsumers(Consumers consumers)
    {
        consumers.On<HoldEnds, ExpireHold>();
        consumers.On<WaitlistDue, WaitlistTurn>();
        consumers.On<RequestDue, RequestTurn>();
        consumers.On<NeedDue, NeedTurn>();
        consumers.On<ReminderDue, WalkReminder>();
        consumers.On<OfficerReminderDue, OfficerReminder>();
        consumers.On<DaySheetsDue, SendDaySheets>();
        consumers.On<DaySheetsDue, Retention>();
        consumers.On<WalkDue, RaiseOverdue>();
        consumers.On<EscalationDue, EscalateAlert>();
    }

    private static void Map(IEndpointRouteBuilder routes)
    {
        const string coordinator = "coordinator", officer = "officer";

        // planning
        routes.MapGet("/officers", Officers.List).Staff(coordinator);
        routes.MapPut("/officers/{officerId:guid}/account", Officers.Attach).Staff(coordinator);
        routes.MapPut("/officers/{officerId:guid}/last-day", CloseOfficer.Handle).Staff(coordinator);
        routes.MapDelete("/officers/{officerId:guid}/last-day", CloseOfficer.Open).Staff(coordinator);
        routes.MapGet("/meeting-points", MeetingPoints.List).Staff(coordinator);
        routes.MapPost("/import/officers/preview", Import.PreviewOfficers).Staff(coordinator);
        routes.MapPost("/import/officers", Import.SaveOfficers).Staff(coordinator).Idempotent();
        routes.MapPost("/import/meeting-points/preview", Import.PreviewPoints).Staff(coordinator);
        routes.MapPost("/import/meeting-points", Import.SavePoints).Staff(coordinator).Idempotent();
        routes.MapGet("/officers/{officerId:guid}/availability", OfficerAvailabilities.Show).Staff(coordinator);
        routes.MapPost("/officers/{officerId:guid}/availability", OfficerAvailabilities.Add).Staff(coordinator).Idempotent();
        routes.MapDelete("/availability/{availabilityId:guid}", OfficerAvailabilities.Remove).Staff(coordinator);
        routes.MapPut("/availability/{availabilityId:guid}/except/{date}", OfficerAvailabilities.Except).Staff(coordinator);
        routes.MapDelete("/availability/{availabilityId:guid}/except/{date}", OfficerAvailabilities.Restore).Staff(coordinator);
        routes.MapPost("/officers/{officerId:guid}/leave", OfficerAvailabilities.AddLeave).Staff(coordinator).Idempotent();
        routes.MapDelete("/leave/{leaveId:guid}", OfficerAvailabilities.RemoveLeave).Staff(coordinator);
        routes.MapGet("/officers/suggested", SuggestOfficers.Handle).Staff(coordinator);
        routes.MapPost("/plan/preview", PlanWalks.Preview).Staff(coordinator);
        routes.MapPost("/plan", PlanWalks.Handle).Staff(coordinator);
        routes.MapPost("/walks", PublishWalk.Handle).Staff(coordinator);
        routes.MapGet("/schedule", ListWalks.Handle).Staff(coordinator);
        routes.MapPost("/walks/{walkId:guid}/officers", ChangeOfficers.Handle).Staff(coordinator).Idempotent();
        routes.MapGet("/schedule/{walkId:guid}", ReadWalk.Handle).Staff(coordinator);
        routes.MapPost("/needs/{needId:guid}/arrange", AnswerNeed.Arrange).Staff(coordinator).Idempotent();
        routes.MapPost("/needs/{needId:guid}/decline", AnswerNeed.Decline).Staff(coordinator).Idempotent();
        routes.MapPost("/walks/{walkId:guid}/cancel", CancelWalk.Handle).Staff(coordinator).Idempotent();

        // finding and booking
        routes.MapGet("/walks", FindWalks.Handle).Public();
        routes.MapGet("/walks/days", FindWalks.Days).Public();
        routes.MapPost("/walks/{walkId:guid}/holds", HoldPlace.Handle).Public();
        routes.MapPost("/walks/{walkId:guid}/waitlist", JoinWaitlist.Handle).Public().Idempotent();
        routes.MapGet("/booking", GiveContact.Show).Public();
        routes.MapPost("/booking/contact", GiveContact.Handle).Public().Idempotent();
        routes.MapPost("/booking/confirm", ConfirmBooking.Handle).Public().Idempotent();

        // her page
        routes.MapGet("/my-walk", MyWalk.Handle).Public();
        routes.MapGet("/my-walk/calendar.ics", MyWalk.Calendar).Public();
        routes.MapPost("/my-walk/cancel", CancelBooking.Handle).Public().Idempotent();
        routes.MapPost("/my-walk/move", MoveBooking.Handle).Public().Idempotent();
        routes.MapPost("/my-walk/officer/accept", AnswerOfficer.Accept).Public().Idempotent();
        routes.MapPost("/my-walk/officer/decline", AnswerOfficer.Decline).Public().Idempotent();
        routes.MapPost("/my-walk/place/take", TakePlace.Handle).Public().Idempotent();
        routes.MapPost("/my-walk/place/leave", LeavePlace.Handle).Public().Idempotent();
        routes.MapPost("/my-walk/officer-check", CheckOfficer.Handle).Public();
        routes.MapPost("/my-walk/alarm", Alarm.ByHer).Public().Idempotent();
        routes.MapPost("/my-walk/attendance-token", TakeAttendanceToken.Handle).Public();
        routes.MapGet("/attendance-key", TakeAttendanceToken.PublicKey).Public();

        // walks asked for
        routes.MapPost("/requests", AskForWalk.Handle).Public().Idempotent();
        routes.MapGet("/my-request", MyRequest.Show).Public();
        routes.MapPost("/my-request/confirm", MyRequest.Confirm).Public().Idempotent();
        routes.MapPost("/my-request/withdraw", MyRequest.Withdraw).Public().Idempotent();
        routes.MapGet("/requests", AnswerRequest.List).Staff(coordinator);
        routes.MapGet("/requests/{requestId:guid}", AnswerRequest.Read).Staff(coordinator);
        routes.MapPost("/requests/{requestId:guid}/match", AnswerRequest.Match).Staff(coordinator).Idempotent();
        routes.MapPost("/requests/{requestId:guid}/decline", AnswerRequest.Decline).Staff(coordinator).Idempotent();

        // the meeting and the walk
        routes.MapGet("/day-sheet", DaySheet.Handle).Staff(officer);
        routes.MapGet("/calendar-address", OfficerCalendar.Show).Staff(officer);
        routes.MapPost("/calendar-address", OfficerCalendar.Make).Staff(officer).Idempotent();
        routes.MapDelete("/calendar-address", OfficerCalendar.End).Staff(officer);
        routes.MapGet("/officer-calendar.ics", OfficerCalendar.Feed).Public();
        routes.MapPost("/walks/{walkId:guid}/bookings/{bookingId:guid}/words", VerifyMeeting.Handle).Staff(officer).Idempotent();
        routes.MapPost("/walks/{walkId:guid}/bookings/{bookingId:guid}/alarm", Alarm.ByOfficer).Staff(officer).Idempotent();
        routes.MapPost("/walks/{walkId:guid}/start", WalkSteps.Start).Staff(officer).Idempotent();
        routes.MapPost("/walks/{walkId:guid}/nobody-came", NobodyCame.Handle).Staff(officer).Idempotent();
        routes.MapPost("/walks/{walkId:guid}/check-ins", WalkSteps.CheckIn).Staff(officer).Idempotent();
        routes.MapPost("/walks/{walkId:guid}/end", WalkSteps.End).Staff(officer).Idempotent();
        routes.MapPost("/walks/{walkId:guid}/help", Alarm.ForHelp).Staff(officer).Idempotent();

        routes.MapPost("/my-walk/officer-absent", OfficerAbsent.ByHer).Public().Idempotent();
        routes.MapPost("/walks/{walkId:guid}/officer-absent", OfficerAbsent.ByCoordinator).Staff(coordinator).Idempotent();

        // alarms
        routes.MapGet("/alerts", Alerts.List).Staff(coordinator);
        routes.MapPost("/alerts/{alertId:guid}/acknowledge", Alerts.Acknowledge).Staff(coordinator).Idempotent();
        routes.MapPost("/alerts/{alertId:guid}/resolve", Alerts.Resolve).Staff(coordinator).Idempotent();
        routes.MapGet("/overrides", Overrides.List).Staff(coordinator);
        routes.MapPost("/overrides/{overrideId:guid}/close", Overrides.Close).Staff(coordinator).Idempotent();

        // how long what is kept
        routes.MapGet("/retention", ReadRetention.Handle).Staff("administrator", "oversight");
        routes.MapPost("/retention/holds", ReadRetention.Hold).Staff("administrator").Idempotent();
    }
}
