using Microsoft.AspNetCore.Http.HttpResults;
using WalkTalk.Contracts.Feedback.Api;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>Is this token good and unused? Asked before a form is filled in; spends nothing.</summary>
internal static class CheckAttendance
{
    public static async Task<Results<Ok<AttendanceChecked>, Refusal>> Handle(AttendanceCheck check, FeedbackDb db, AttendanceKeys keys, CancellationToken ct)
    {
        var (attendance, refusal) = await keys.Read(check.Token, db.Force!, ct);
        if (attendance is null)
            return refusal!;
        if (await db.IsSpent(AttendanceKeys.Spent(attendance), ct))
            return FeedbackRefusals.AttendanceSpent;
        return TypedResults.Ok(new AttendanceChecked(attendance.Ward, attendance.Quarter));
    }
}
