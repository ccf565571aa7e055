using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>Every named "no" of this service; README.md lists them for callers.</summary>
internal static class FeedbackRefusals
{
    public static readonly Refusal NothingSent = new("nothing-sent", 400, "There is no concern, safe place or audit in it");
    public static readonly Refusal UnknownCode = new("unknown-code", 400, "This force has no such concern code", Field: "Code");
    public static readonly Refusal UnknownWard = new("unknown-ward", 400, "This force has no such ward", Field: "WardCode");
    public static readonly Refusal UnknownRating = new("unknown-rating", 400, "Ratings are A1 to A10 and F, each 0 to 3", Field: "Ratings");
    public static readonly Refusal UnknownBody = new("unknown-body", 400, "This force has no such body", Field: "OwnerBody");
    public static readonly Refusal UnknownReason = new("unknown-reason", 400, "This force has no such reason for no action", Field: "Reason");
    public static readonly Refusal UnknownActionType = new("unknown-action-type", 400, "This force has no such type of action", Field: "Type");

    public static readonly Refusal AttendanceInvalid = new("attendance-invalid", 422, "This is no attendance token of this force", Field: "AttendanceToken");
    public static readonly Refusal AttendanceSpent = new("attendance-spent", 409, "This attendance token has been used", "Each walk's token is good once. You can still send this without it.", "AttendanceToken");
    public static readonly Refusal AttendanceUnchecked = new("attendance-unchecked", 503, "Attendance tokens cannot be checked just now", "Nothing was sent. Try again, or send it without the token.", "AttendanceToken");

    // One answer for a wrong reference, wrong words and a stale access: it must not say which.
    public static readonly Refusal MailboxClosed = new("mailbox-closed", 401, "The reference and the words do not belong together", "Or the mailbox was opened too long ago. Open it again with both.");
    public static readonly Refusal LinkUnknown = new("link-unknown", 404, "This link is not, or no longer, good");

    public static readonly Refusal CaptureNeeded = new("capture-needed", 400, "The header Capture holds the random reference of the walk", "Send 32 to 64 letters and digits that nobody can guess, the same for everything of one walk.", "Capture");
    public static readonly Refusal CaptureBusy = new("capture-busy", 503, "Something else of this walk is being saved", "Send it again.") { RetryAfter = 1 };
    public static readonly Refusal ConsentNeeded = new("consent-needed", 422, "Concerns are noted only when she agrees", "Ask her, or leave the concerns out.", "Consent");
    public static readonly Refusal SealedForm = new("sealed-form", 422, "This belongs in the sealed form", "What may be a crime or is about police is told at the end, for safeguarding or standards alone.", "Codes");

    public static readonly Refusal ReadBackNeeded = new("read-back-needed", 422, "It is read back to her before it is kept", "Read it to her. When she says yes, say so.", "ReadBack");
    public static readonly Refusal TextToken = new("text-token", 401, "This is not the token of received texts");

    public static readonly Refusal PhotoType = new("photo-type", 415, "This is no photo we can open", "Choose a JPEG, PNG or WebP.", "Photo");
    public static readonly Refusal PhotoUnreadable = new("photo-unreadable", 422, "The photo cannot be opened", "It is damaged or not complete. Choose it again, or take a screenshot of it and choose that.", "Photo");
    public static readonly Refusal PhotoTooLarge = new("photo-too-large", 413, "The photo is too large", "It may have up to 8 MB. Send a smaller copy, or a screenshot of it.", "Photo");
    public static readonly Refusal PhotoUnknown = new("photo-unknown", 422, "A photo is not, or no longer, held", "Each is good once, within the hour. Choose it again.", "Photos");
    public static readonly Refusal PhotoUnfit = new("photo-unfit", 422, "Photos go with a concern", "Not with a safe place.", "Photos");
    public static readonly Refusal PhotoMany = new("photo-many", 422, "There are as many photos as one concern can have", "Twenty. Send your answer without them.", "Photos");
    public static readonly Refusal PhotoChecked = new("photo-checked", 409, "Somebody has checked this photo");

    public static readonly Refusal NotFound = new("not-found", 404, "There is no such thing here");
    public static readonly Refusal WrongState = new("wrong-state", 409, "That does not follow from where it stands");
    public static readonly Refusal SecondPersonNeeded = new("second-person-needed", 409, "Another person has to confirm this", "Whoever proposes that it is no concern cannot also confirm it.");
    public static readonly Refusal NoReplyTooSoon = new("no-reply-too-soon", 409, "She has 28 days to answer", "NA-INFO needs a question that stood unanswered for 28 days.");
    public static readonly Refusal ReviewDate = new("review-date", 400, "The review date must lie ahead, within two years", Field: "ReviewOn");
    public static readonly Refusal DueDate = new("due-date", 400, "The due date must lie ahead, within two years", Field: "DueOn");
    public static readonly Refusal BurdeningWording = new("burdening-wording", 422, "This asks women to change. Say what we change");
    public static readonly Refusal PersonalDataInPublicText = new("personal-data-in-public-text", 422, "Words for publication must not name or reach a person");
    public static readonly Refusal ReasonNeeded = new("choice-first", 409, "She chooses first", "Only her choice, or a duty override with its reason, lets a disclosure be handed over.");
    public static readonly Refusal HeldBack = new("held-back", 409, "A law needs this for now", "It goes as soon as that has ended. Write to the force for the reason.");
    public static readonly Refusal AuditsDoubted = new("audits-doubted", 409, "These audits do not show that it is done");
    public static readonly Refusal AlreadyTold = new("already-told", 409, "It has been told, or taken back already", "What others know is changed by another step, not taken back.");
    public static readonly Refusal AssigneeNeeded = new("assignee-needed", 400, "Say who follows them up", Field: "Assignee");
    // It must not say why: the local chain may not learn that there is a case.
    public static readonly Refusal NotForThem = new("not-for-them", 409, "This one needs somebody else", "Give it to another person.", "Assignee");
    public static readonly Refusal MergeTarget = new("merge-target", 409, "It cannot be merged into that one", Field: "Into");
    public static readonly Refusal OthersWait = new("others-wait", 409, "Others are merged into it", "Their clock would stand still for a question they were not asked. Unmerge them first, or agree an answer.");
    public static readonly Refusal NotByProgram = new("not-by-program", 409, "This goes to them by hand", Field: "To");
    public static readonly Refusal SentAlready = new("sent-already", 409, "They have been sent this already", "Look at what became of it; send it again from there.", "To");
    public static readonly Refusal HerWords = new("her-words", 422, "These are her words. Write your own");
    public static readonly Refusal UnreadableReference = new("unreadable-reference", 400, "A reference has up to 60 letters, digits and - _ . : / #", Field: "Reference");
    public static readonly Refusal UnreadableCursor = new("unreadable-cursor", 400, "This cursor is not one of ours", Field: "cursor");
}
