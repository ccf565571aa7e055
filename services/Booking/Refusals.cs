using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>Every "no" of this service. The names are part of the API: a client may act on them. README.md lists them.</summary>
internal static class Refusals
{
    // planning
    public static readonly Refusal MeetingPointUnknown = new("meeting-point-unknown", 422, "The force has no such meeting point", Field: "meetingPointId");
    public static readonly Refusal OfficerUnknown = new("officer-unknown", 422, "The force has no such officer", Field: "officerIds");
    public static readonly Refusal OfficerTwice = new("officer-twice", 422, "The same officer is named twice", Field: "officerIds");
    public static readonly Refusal OneOrTwoOfficers = new("one-or-two-officers", 422, "A walk has one or two officers", Field: "add");
    public static readonly Refusal NobodyFits = new("nobody-fits", 409, "No officer is free at that time who has what this walk needs", Field: "anyone");
    public static readonly Refusal LanguageNotSpoken = new("language-not-spoken", 422, "None of these officers speaks that language", Field: "language");
    public static readonly Refusal NotStepFree = new("not-step-free", 422, "That meeting point is not step-free", Field: "stepFree");
    public static readonly Refusal TimeMissing = new("time-does-not-exist", 422, "Clocks go forward: that time does not exist that day", Field: "time");
    public static readonly Refusal TimeTwice = new("time-comes-twice", 422, "Clocks go back: that time comes twice that day; say which", Field: "secondTime");
    public static readonly Refusal WalkInPast = new("walk-in-past", 422, "A walk begins in the future", Field: "date");
    public static readonly Refusal WalkTooFar = new("walk-beyond-horizon", 422, "A walk is published for the weeks ahead only", Field: "date");
    public static readonly Refusal OfficerBusy = new("officer-busy", 409, "An officer already walks at that time, or has not enough time between two walks", Field: "officerIds");
    public static readonly Refusal OfficerLeft = new("officer-left", 422, "An officer has left by then", Field: "officerIds");
    public static readonly Refusal OfficerStillWalks = new("officer-still-walks", 409, "She still walks after that day", Field: "lastDay");
    public static readonly Refusal WalkTooSoon = new("walk-too-soon", 422, "The walk begins so soon that nobody could book it", Field: "time");
    public static readonly Refusal WardUnknown = new("ward-unknown", 422, "The force has no such ward", Field: "wards");
    public static readonly Refusal OfficerOnLeave = new("officer-on-leave", 409, "An officer is on leave that day", Field: "officerIds");
    public static readonly Refusal OfficerNotAvailable = new("officer-not-available", 409, "An officer has not said that she can walk at that time", Field: "officerIds");
    public static readonly Refusal OfficerNeedsRest = new("officer-needs-rest", 409, "An officer would have too little rest between two days", Field: "officerIds");
    public static readonly Refusal OfficerDayFull = new("officer-day-full", 409, "An officer has as many walks that day as she may have", Field: "officerIds");
    public static readonly Refusal RuleFaulty = new("rule-faulty", 422, "The rule cannot be used", Field: "rule");
    public static readonly Refusal DateTooFar = new("date-too-far", 422, "That day is too far away");
    public static readonly Refusal WindowTooLong = new("window-too-long", 422, "A window ends after it begins, and within 12 hours", Field: "until");
    public static readonly Refusal NoDayOfRule = new("no-day-of-rule", 422, "The window does not come on that day", Field: "date");
    public static readonly Refusal TooManyRules = new("too-many-rules", 409, "No more can be kept for one officer");
    public static readonly Refusal LeaveEnds = new("leave-ends-wrongly", 422, "Leave ends on or after its first day, and within a year", Field: "until");
    public static readonly Refusal AvailabilityUnknown = new("availability-unknown", 404, "There is no such window");
    public static readonly Refusal LeaveUnknown = new("leave-unknown", 404, "There is no such leave");
    public static readonly Refusal NotCsv = new("not-csv", 415, "The request is no CSV file", "Send the file as it is, with Content-Type: text/csv.");
    public static readonly Refusal CsvEmpty = new("csv-empty", 422, "The file is empty");
    public static readonly Refusal ImportFaulty = new("import-faulty", 422, "The file has faults");
    public static readonly Refusal WalkUnknown = new("walk-unknown", 404, "There is no such walk");
    public static readonly Refusal WalkNotOpen = new("walk-not-open", 409, "The walk has begun, is over or was called off");
    public static readonly Refusal AccountTaken = new("account-taken", 409, "That account belongs to another officer", Field: "sub");
    public static readonly Refusal CursorInvalid = new("cursor-invalid", 400, "The cursor is none of ours", Field: "cursor");
    public static readonly Refusal BandUnknown = new("band-unknown", 400, "Light bands are day, dusk, dark and late", Field: "band");

    public static readonly Refusal NearInvalid = new("near-invalid", 400, "Near is the code of a ward, or a point", "A point is written as latitude and longitude in degrees: near=51.4816,-0.1129.", "near");
    public static readonly Refusal DistanceInvalid = new("distance-invalid", 400, "A distance is more than 0 and at most 20 km", Field: "km");

    // booking
    public static readonly Refusal TooLate = new("too-late-to-book", 409, "The walk begins too soon to be booked");
    public static readonly Refusal WalkFull = new("walk-full", 409, "The last place has just been taken");
    public static readonly Refusal HoldUnknown = new("hold-unknown", 401, "No place is held with this token");
    public static readonly Refusal HoldExpired = new("hold-expired", 409, "The ten minutes are over and the place is free again");
    public static readonly Refusal TextsNotSent = new("texts-not-sent", 422, "No text messages are sent here", "Give an e-mail address, for example amina@example.org.", "email");
    public static readonly Refusal TooManyCodes = new("too-many-codes", 429, "No more codes are sent now");
    public static readonly Refusal NoCodeSent = new("no-code-sent", 409, "Give your contact first; the code goes there");
    public static readonly Refusal CodeWrong = new("code-wrong", 422, "That is not the code", Field: "code");
    public static readonly Refusal CodeUsedUp = new("code-used-up", 409, "Five wrong codes: ask for a new one", Field: "code");
    public static readonly Refusal GuardianAwaited = new("guardian-awaited", 409, "Your code was right. Your guardian's is missing", Field: "guardianCode");
    public static readonly Refusal GuardianSameContact = new("guardian-same-contact", 422, "A guardian has an address or number of her own", Field: "guardian.email");
    public static readonly Refusal LinkUnknown = new("link-unknown", 401, "This link opens nothing");
    public static readonly Refusal CalendarUnknown = new("calendar-unknown", 401, "No calendar has this address, or it was ended");
    public static readonly Refusal NotCancellable = new("not-cancellable", 409, "This booking cannot be cancelled any more");
    public static readonly Refusal NotMovable = new("not-movable", 409, "This booking cannot be moved any more");
    public static readonly Refusal SameWalk = new("same-walk", 409, "You are on that walk already");
    public static readonly Refusal OfferOver = new("offer-over", 409, "The time to answer is over and the place went to somebody else");
    public static readonly Refusal WalkHasRoom = new("walk-has-room", 409, "There is room on this walk: it can be booked");
    public static readonly Refusal PartyTooBig = new("party-too-big", 422, "This walk has fewer places than that", Field: "people");
    public static readonly Refusal NoPlaceYet = new("no-place-yet", 409, "There is no place yet, so there is nothing for a calendar");
    public static readonly Refusal NothingToAnswer = new("nothing-to-answer", 409, "The officer of this walk is the one you know");
    public static readonly Refusal NotRebookable = new("not-rebookable", 409, "Another walk is booked by this link after one that has ended, or that we called off");
    public static readonly Refusal GuardianAgain = new("guardian-again", 409, "A parent or guardian says yes to each walk: book it as you did the first");
    public static readonly Refusal NothingHeld = new("nothing-held", 409, "No other place is held for you");
    public static readonly Refusal NotAttended = new("not-attended", 409, "There is a token after the walk, for those who took part");
    public static readonly Refusal TokensTaken = new("tokens-taken", 409, "Every place of this booking has taken its token");

    // walk requests
    public static readonly Refusal RequestUnknown = new("request-unknown", 404, "There is no such request");
    public static readonly Refusal RequestAnswered = new("request-answered", 409, "This request has its answer already");
    public static readonly Refusal NeedsNotMet = new("needs-not-met", 409, "This walk has not what she needs", Field: "walkId");
    public static readonly Refusal NeedUnknown = new("need-unknown", 404, "There is no such need");
    public static readonly Refusal NeedAnswered = new("need-answered", 409, "This need has its answer already, or the booking is over");
    public static readonly Refusal OtherPlaceHeld = new("other-place-held", 409, "Another place waits for her word already");

    // meeting
    public static readonly Refusal NotYourWalk = new("not-your-walk", 403, "You are not an officer of this walk");
    public static readonly Refusal BookingUnknown = new("booking-unknown", 404, "There is no such booking on this walk");
    public static readonly Refusal WordsNotNow = new("words-not-now", 409, "The words work from 30 minutes before the start to 15 minutes after it");
    public static readonly Refusal NothingToVerify = new("nothing-to-verify", 409, "This booking is not waiting for its words");
    public static readonly Refusal AlreadyMismatched = new("already-mismatched", 409, "These words failed; the coordinator has been told");
    public static readonly Refusal WalkNotNow = new("walk-not-now", 409, "The walk cannot start yet, or its time is over");
    public static readonly Refusal AlarmOpen = new("alarm-open", 409, "An alarm stands on this walk; the coordinator has to acknowledge it first");
    public static readonly Refusal NobodyPresent = new("nobody-present", 409, "Nobody came: there is no walk to start");
    public static readonly Refusal NotVerified = new("not-verified", 409, "Somebody present has not met by her words");
    public static readonly Refusal WalkNotStarted = new("walk-not-started", 409, "The walk is not under way");
    public static readonly Refusal NotAbsentYet = new("not-absent-yet", 409, "That can be said from ten minutes after the start, for a walk that has not begun");
    public static readonly Refusal NotHappenedYet = new("not-happened-yet", 422, "That time has not come yet", "Send when it happened, with its offset; without happenedAt it happens now.", "happenedAt");
    public static readonly Refusal HappenedBefore = new("happened-before-its-day", 422, "That is before the day of the walk", Field: "happenedAt");
    public static readonly Refusal OverrideUnknown = new("override-unknown", 404, "There is no such start without words");
    public static readonly Refusal NothingToHold = new("nothing-to-hold", 404, "No walk, booking or request has this id", "Send the id, or the address of the page of the walk or the request.", "reference");
    public static readonly Refusal AlertUnknown = new("alert-unknown", 404, "There is no such alert");
}
