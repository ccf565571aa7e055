namespace WalkTalk.ServiceDefaults;

/// <summary>
/// Whether this deployment sends text messages: only then is a mobile number taken as a contact. One setting, the same in every process; where whoever sends
/// them runs in this one, it says so itself while it is not set.
/// </summary>
public static class TextMessages
{
    /// <summary>true or false; not set: false.</summary>
    public const string Setting = "Contact:Sms";

    /// <summary>What the setting says.</summary>
    public static bool AreSent(IConfiguration configuration) => bool.TryParse(configuration[Setting], out var sent) && sent;
}
