using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;

namespace WalkTalk.Contracts;

/// <summary>
/// Mobile numbers of the United Kingdom, the ones a text message goes to, in the one form in which they are kept, matched and sent (E.164).
/// By Ofcom's National Telephone Numbering Plan: 071 to 075 and 077 to 079, and 07624 of the Isle of Man; 070 and 076 are no mobiles.
/// </summary>
public static partial class MobileNumber
{
    /// <summary>The number as +447…, whichever way it was typed; null when it is none.</summary>
    public static string? Of(string? text) => Typed().Match(Between().Replace(text ?? "", "")) is { Success: true } match ? "+44" + match.Groups["number"].Value : null;

    /// <summary>An address as it is kept: of a number the one form, anything else as it was typed.</summary>
    public static string OrMail(string address) => Of(address) ?? address.Trim();

    /// <summary>Whether an address that is kept is a number, of whatever country.</summary>
    public static bool Is(string address) => Kept().IsMatch(address);

    // What people put between digits: blanks of any width, brackets, dots and dashes.
    [GeneratedRegex(@"[\s().\-\u2010-\u2015]")]
    private static partial Regex Between();

    [GeneratedRegex(@"^(?:(?:\+|00)?440?|0)(?<number>7(?:[1-57-9][0-9]{8}|624[0-9]{6}))\z")]
    private static partial Regex Typed();

    [GeneratedRegex(@"^\+[1-9][0-9]{6,14}\z")]
    private static partial Regex Kept();
}

/// <summary>An e-mail address, or a mobile number of the United Kingdom.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EmailOrMobileAttribute() : ValidationAttribute(
    "Give an e-mail address such as amina@example.org or, where text messages are sent, a UK mobile number such as 07700 900123.")
{
    private static readonly EmailAddressAttribute Email = new();

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null || (value is string text && (text.Contains('@', StringComparison.Ordinal) ? Email.IsValid(text) : MobileNumber.Of(text) is not null));
}
