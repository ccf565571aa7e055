using System.Globalization;
using System.Text.RegularExpressions;

namespace WalkTalk.Gateway.Pages.Notifications;

/// <summary>Human words for the codes of Notification.</summary>
internal static partial class Words
{
    /// <summary>What a message is about.</summary>
    public static string Template(string id) => id switch
    {
        "contact-verify" => "Code for an address",
        "walk-confirmed" => "Walk confirmed",
        "walk-reminder-24h" => "Reminder, the day before",
        "walk-reminder-2h" => "Reminder, two hours before",
        "walk-changed" => "Walk moved",
        "walk-cancelled" => "Walk cancelled",
        "verify-code" => "Meeting words",
        "verify-alert" => "Alarm: words did not match",
        "checkin-overdue" => "Alarm: walk overdue",
        "officer-help" => "Alarm: an officer calls for help",
        "walk-thanks" => "Thanks after a walk",
        "concern-ack" => "Concern received",
        "concern-question" => "Question about a concern",
        "action-agreed" => "Action agreed",
        "concern-referred" => "Passed on",
        "action-delayed" => "Action delayed",
        "action-delivered" => "We say done: do you?",
        "outcome-no-action" => "No action, and why",
        "is-it-fixed-4w" => "Is it fixed? After 4 weeks",
        "is-it-fixed-12w" => "Is it fixed? After 12 weeks",
        "reopened" => "Open again",
        "retention-notice" => "What goes in a month",
        "disclosure-options" => "Disclosure: her choices",
        "disclosure-receipt" => "Disclosure handed over",
        "disclosure-overdue" => "Alarm: disclosure without outcome",
        _ => char.ToUpper(id[0], CultureInfo.InvariantCulture) + id[1..].Replace('-', ' '),
    };

    /// <summary>A state in words, with the kind of tag and the icon it takes.</summary>
    public static (string Says, string? Kind, string Icon) State(string state) => state switch
    {
        "Sent" => ("Sent", "sure", "tick"),
        "Delivered" => ("Delivered", "sure", "tick"),
        "Queued" => ("Waiting", null, "go"),
        "Sending" => ("Being sent", null, "go"),
        "TemporaryFailure" => ("Trying again", "warn", "bang"),
        "PermanentFailure" => ("Address refused", "stop", "bang"),
        "TechnicalFailure" => ("Not sent", "stop", "bang"),
        "Cancelled" => ("Taken back", null, "lx"),
        "Suppressed" => ("Held back", null, "lx"),
        _ => (state, null, "go"),
    };

    /// <summary>Why a message is where it is; a provider's code stays a code.</summary>
    public static string? Reason(string? reason) => reason switch
    {
        null => null,
        "quiet-hours" => "quiet hours, 21:00 to 08:00",
        "withdrawn" => "no longer wanted",
        "superseded" => "a newer version took its place",
        "channel-bad" => "the address was refused before",
        "erased" => "the recipient was erased",
        "too-late" => "no longer worth sending",
        "address-malformed" => "not an e-mail address, and no number",
        "texts-not-sent" => "no text messages are sent here",
        "template-without-sms" => "there is no text message of this kind",
        "unreachable" => "the provider does not answer",
        "no-tls" => "the mail server offers no safe encryption",
        "sign-in-refused" => "the provider refused our sign-in",
        "rate-limit" => "the provider takes no more this minute",
        "daily-limit" => "the provider takes no more today",
        "answer-lost" => "the provider's answer was lost; it may have arrived",
        "not-answered" => "it may have arrived; the provider does not say",
        "permanent-failure" => "the provider says that there is no such address",
        "temporary-failure" => "the provider could not deliver it",
        "technical-failure" => "the provider had a fault and did not send it",
        "uncertain-twice" => "the answer was lost twice; it may have arrived",
        "template-unknown" => "there is no such template",
        "template-failed" => "the template could not be filled",
        "stopping" => "the service was stopping",
        _ when reason.StartsWith("gave-up:", StringComparison.Ordinal) => $"gave up after many tries ({Reason(reason["gave-up:".Length..])})",
        _ when reason.StartsWith("field-", StringComparison.Ordinal) => $"the request was incomplete ({reason})",
        _ => $"the provider answered {reason}",
    };

    /// <summary>English, Welsh.</summary>
    public static string Language(string code) => code == "cy" ? "Welsh" : "English";

    /// <summary>A web address in a text.</summary>
    [GeneratedRegex(@"https?://[^\s<>""]+[^\s<>"".,;:!?)]")]
    public static partial Regex Address();
}
