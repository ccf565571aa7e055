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
    /// <summary>The working copy, and the kinds found: email, card, nhs, ni, phone, postcode, vehicle, name.</summary>
    public static (string Text, IReadOnlyList<string> Found) Apply(string text)
    {
        var found = new SortedSet<string>(StringComparer.Ordinal);
        text = Mask(Email(), text, "email", _ => true, found);
        text = Mask(LongNumber(), text, "card", m => Luhn(Digits(m)), found);
        text = Mask(TenDigits(), text, "nhs", m => NhsCheckDigit(Digits(m)), found);
        text = Mask(NationalInsurance(), text, "ni", _ => true, found);
        text = Mask(Postcode(), text, "postcode", _ => true, found);
        text = Mask(Vehicle(), text, "vehicle", _ => true, found);
        text = Mask(PlateSaid(), text, "vehicle", _ => true, found);
        text = MaskPhones(text, found);
        text = Mask(Phone(), text, "phone", m => Digits(m).Length >= 7, found);
        text = Mask(PhoneInWords(), text, "phone", _ => true, found);
        text = Mask(Said(), text, "name", _ => true, found);
        text = Mask(Named(), text, "name", IsPerson, found);
        text = Mask(Titled(), text, "name", IsPerson, found);
        text = Mask(Handle(), text, "name", _ => true, found);
        return (text, [.. found]);
    }

    private static string Mask(Regex pattern, string text, string kind, Func<string, bool> isOne, SortedSet<string> found) =>
        pattern.Replace(text, match =>
        {
            // Where the words around it give it away, only what they lead to is hidden.
            var one = match.Groups["it"] is { Success: true } part ? part : match;
            if (!isOne(one.Value))
                return match.Value;
            found.Add(kind);
            return string.Concat(match.ValueSpan[..(one.Index - match.Index)], $"[{kind}]", match.ValueSpan[(one.Index - match.Index + one.Length)..]);
        });

    // Who she is, and streets and bodies, are written with capitals too.
    private static bool IsPerson(string name) => !NoPerson().IsMatch(name);

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

    // Every pattern is bounded in length and reads no part twice without bound; a text of 5,000 characters meant to be slow is a test.
    [GeneratedRegex(@"[\w.+'-]{1,64} ?(?:@|\(at\)|\[at\]) ?[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}|\b[\w.+-]{1,64} (?:at|\(at\)|\[at\]) [\w-]{1,63}(?: (?:dot|\(dot\)|\[dot\]) ?[a-z]{2,12}){1,4}\b", RegexOptions.IgnoreCase)]
    private static partial Regex Email();

    [GeneratedRegex(@"(?<!\d)[1-9](?:[ -]?\d){12,18}(?!\d)")]
    private static partial Regex LongNumber();

    [GeneratedRegex(@"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")]
    private static partial Regex TenDigits();

    [GeneratedRegex(@"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ -]?\d{2}[ -]?\d{2}[ -]?\d{2}[ -]?[A-D]\b", RegexOptions.IgnoreCase)]
    private static partial Regex NationalInsurance();

    [GeneratedRegex(@"\b(GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]?[ -]{0,2}\d[ABD-HJLNP-UW-Z]{2})\b", RegexOptions.IgnoreCase)]
    private static partial Regex Postcode();

    // The current style in any case; the two older ones in capitals only, or "A23 the" would be a car.
    [GeneratedRegex(@"\b((?i:[A-Z]{2}\d{2}[ -]?[A-Z]{3})|[A-Z]\d{1,3} ?[A-Z]{3}|[A-Z]{3} ?\d{1,3}[A-Z])\b")]
    private static partial Regex Vehicle();

    // Part of one, or of a style of long ago, where she says that it is one.
    [GeneratedRegex(@"\b(?i:reg|registration|number ?plate|plates?|rhif cofrestru)(?i: (?:number|no|plate|is|was|starts?|started|starting|begins?|began|ends?|ended|ending|in|with|of|it|like|said|reads?|oedd|yw)){0,4}[ :]{1,2}(?<it>(?i:[A-Z]{1,3}\d{1,4}(?: ?[A-Z]{1,3})?|[A-Z]{1,3} ?\d{1,4}[A-Z]?|\d{1,4} ?[A-Z]{1,3})|[A-Z]{2,4})\b")]
    private static partial Regex PlateSaid();

    // What the library does not take for a number: the letter O for a nought, a digit too many or too few.
    [GeneratedRegex(@"(?<![\w+])(?:\+|[0oO])[\doO](?:[ ().-]{0,2}[\doO]){6,13}(?!\w)")]
    private static partial Regex Phone();

    private const string Digit = "(?:zero|oh|nought|one|two|three|four|five|six|seven|eight|nine|double|treble|triple)";

    [GeneratedRegex($@"\b(?:{Digit}[ ,-]{{1,2}}){{5,15}}{Digit}\b", RegexOptions.IgnoreCase)]
    private static partial Regex PhoneInWords();

    // A name in any case, where it can be nothing else.
    [GeneratedRegex(@"\b(?i:my name is|my name's|my full name is|(?:his|her|their) (?:first |last )?name (?:is|was)|(?:his|her) name's|fy enw (?:i )?(?:yw|ydy)|ei (?:h)?enw (?:e |hi )?(?:yw|oedd)) (?!(?i:on|not|in|the|at|a|only|there|up|and|unknown|[^\s\w])\b)(?<it>[\p{L}'’-]{2,30}(?: \p{Lu}[\p{L}'’-]{1,30}){0,2})")]
    private static partial Regex Said();

    // A name with its capital, after words that lead to one.
    [GeneratedRegex(@"\b(?i:(?:man|woman|guy|bloke|boy|lad|girl|officer|neighbour|manager|friend|colleague|person|someone|somebody|driver|landlord|teacher|doorman|bouncer|he is|he's|she is|she's|i am|i'm) (?:called|named|known as)|goes by|(?:dyn|menyw|merch|ffrind|swyddog|rhywun) o'r enw|my (?:best )?(?:friend|husband|wife|ex|boyfriend|girlfriend|partner|neighbour|daughter|son|sister|brother|mum|dad|boss|manager|colleague|flatmate|cousin|aunt|uncle|landlord)|fy (?:ffrind|chwaer|mrawd|ngŵr|mam|nghymydog)|(?:please )?ask for|signed|regards|yours|many thanks|thanks|thank you|diolch|cofion|this is|i'm|i am|spoke to|speak to)[,:]? (?<it>\p{Lu}['’]?[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’-]{1,30}){0,2})")]
    private static partial Regex Named();

    [GeneratedRegex(@"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Doctor|Cllr|Councillor|PC|PCSO|Sgt|Sergeant|DC|DS|DI|Inspector|Constable|Rev|Imam|Professor|Prof|Auntie|Uncle|Cwnstabl|Rhingyll)\.? (?<it>\p{Lu}['’]?[\p{L}'’-]{1,30}(?: \p{Lu}[\p{L}'’-]{1,30})?)")]
    private static partial Regex Titled();

    [GeneratedRegex(@"(?<![\w.])@\w[\w.]{2,30}|\b(?i:insta|instagram|snapchat|snap|tiktok|facebook)(?i: (?:is|handle|name|account|username)){1,3}[: ]{1,2}(?<it>[\w.]{3,30})")]
    private static partial Regex Handle();

    [GeneratedRegex(@"\b(?:Road|Street|Lane|Court|Close|Avenue|House|Park|Square|Station|Terrace|Gardens|Walk|Way|Hill|Place|Bridge|Council|Police|School|Surgery|Hospital|World|Selfridge|Transport|TfL|BTP|Met|London|Cardiff|Black|Asian|White|Muslim|Welsh|English|Scottish|Irish|British|Jewish|Christian|Sikh|Hindu|Catholic|Polish|Somali|Nigerian|Indian|Chinese|Bengali|African|Caribbean|Deaf|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|June|July|August|September|October|November|December|I|The|For|It|And|You|Very|All)\b")]
    private static partial Regex NoPerson();
}
