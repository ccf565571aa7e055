using System.Globalization;
using System.Text.RegularExpressions;
using PhoneNumbers;

namespace WalkTalk.Feedback;

/// <summary>
/// Finds what names or reaches a person in free text and masks it in the working copy. Finds too much rather than too little:
/// the original stays sealed for those who may open it.
/// </summary>
internal static partial class PersonalDataMask
{
    /// <summary>The working copy, and the kinds found: email, card, nhs, ni, phone, postcode, vehicle.</summary>
    public static (string Text, IReadOnlyList<string> Found) Apply(string text)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        text = Mask(Email(), text, "email", _ => true, found);
        text = Mask(LongNumber(), text, "card", m => Luhn(Digits(m)), found);
        text = Mask(TenDigits(), text, "nhs", m => NhsCheckDigit(Digits(m)), found);
        text = Mask(NationalInsurance(), text, "ni", _ => true, found);
        text = Mask(Postcode(), text, "postcode", _ => true, found);
        text = Mask(Vehicle(), text, "vehicle", _ => true, found);
        text = MaskPhones(text, found);
        return (text, [.. found]);
    }

    private static string Mask(Regex pattern, string text, string kind, Func<string, bool> isOne, SortedSet<string> found) =>
        pattern.Replace(text, match =>
        {
            if (!isOne(match.Value))
                return match.Value;
            found.Add(kind);
            return $"[{kind}]";
        });

    private static string MaskPhones(string text, SortedSet<string> found)
    {
        // POSSIBLE: VALID would let numbers through that are not assigned, e.g. the range kept for fiction.
        var numbers = PhoneNumberUtil.GetInstance().FindNumbers(text, "GB", PhoneNumberUtil.Leniency.POSSIBLE, 1000)
            // Four digits could be dialled in some town: they are a year or a bus, not a way to reach somebody.
            .Where(number => Digits(number.RawString).Length >= 6).ToList();
        foreach (var number in Enumerable.Reverse(numbers))
        {
            found.Add("phone");
            text = string.Concat(text.AsSpan(0, number.Start), "[phone]", text.AsSpan(number.Start + number.Length));
        }
        return text;
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));

    internal static bool Luhn(string digits)
    {
        if (digits.Length is < 13 or > 19)
            return false;
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            sum += i % 2 == 0 ? digit : digit < 5 ? digit * 2 : digit * 2 - 9;
        }
        return sum % 10 == 0;
    }

    internal static bool NhsCheckDigit(string digits)
    {
        if (digits.Length != 10)
            return false;
        var sum = digits.Take(9).Select((digit, i) => (digit - '0') * (10 - i)).Sum();
        var check = 11 - sum % 11;
        return check != 10 && (check == 11 ? 0 : check) == int.Parse(digits.AsSpan(9), CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"[\w.+'-]{1,64}@[\w-]{1,63}(\.[\w-]{1,63}){1,8}")]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)")]
    private static partial Regex LongNumber();

    [GeneratedRegex(@"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")]
    private static partial Regex TenDigits();

    [GeneratedRegex(@"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", RegexOptions.IgnoreCase)]
    private static partial Regex NationalInsurance();

    [GeneratedRegex(@"\b(GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b", RegexOptions.IgnoreCase)]
    private static partial Regex Postcode();

    // The current style in any case; the two older ones in capitals only, or "A23 the" would be a car.
    [GeneratedRegex(@"\b((?i:[A-Z]{2}\d{2} ?[A-Z]{3})|[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z])\b")]
    private static partial Regex Vehicle();
}
