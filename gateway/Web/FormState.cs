using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Primitives;

namespace WalkTalk.Gateway.Web;

/// <summary>
/// What one POST brought and what is wrong with it. Controls show the values and errors of their names;
/// a refusal of a service becomes an error here through <see cref="Take{T}"/>.
/// </summary>
public sealed class FormState
{
    /// <summary>The hidden field that makes a repeated click the same request to every service.</summary>
    public const string KeyField = "_key";

    private readonly IFormCollection? sent;
    private readonly Func<string, string> say;
    private readonly List<FormError> errors = [];
    private int calls;
    private bool undecided;

    /// <param name="sent">The POSTed form, or null on a GET.</param>
    /// <param name="say">Translates the title of a refusal.</param>
    public FormState(IFormCollection? sent, Func<string, string>? say = null)
    {
        this.sent = sent;
        this.say = say ?? (text => text);
    }

    public bool Posted => sent is not null;
    public IReadOnlyList<FormError> Errors => errors;
    public bool HasErrors => errors.Count > 0;

    /// <summary>The trimmed value of a field; null when it is missing or blank.</summary>
    public string? this[string name] => sent is not null && sent.TryGetValue(name, out var value) && !string.IsNullOrWhiteSpace(value) ? value.ToString().Trim() : null;

    public bool Has(string name) => sent?.ContainsKey(name) == true;

    /// <summary>Every chosen value of a group of checkboxes.</summary>
    public IReadOnlyList<string> All(string name) => sent is not null && sent.TryGetValue(name, out var values) ? [.. values.Where(value => !string.IsNullOrEmpty(value)).Select(value => value!)] : [];

    /// <summary>The files of a multipart form.</summary>
    public IReadOnlyList<IFormFile> Files(string name) => sent?.Files.GetFiles(name) ?? [];

    /// <summary>The day of a <c>DateInput</c>; null when it is missing or no real day.</summary>
    public DateOnly? Date(string name) =>
        int.TryParse(this[name + ".Day"], NumberStyles.None, CultureInfo.InvariantCulture, out var day)
        && int.TryParse(this[name + ".Month"], NumberStyles.None, CultureInfo.InvariantCulture, out var month)
        && int.TryParse(this[name + ".Year"], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
        && year is > 1900 and < 2200 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            ? new DateOnly(year, month, day)
            : null;

    public int? Number(string name) => int.TryParse(this[name], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>The value, or null with an error on the field.</summary>
    public string? Need(string name, string message)
    {
        if (this[name] is { } value)
        {
            return value;
        }
        Error(name, message);
        return null;
    }

    /// <summary>Marks a field (or, without a name, the whole form) as wrong, in words that say what to do.</summary>
    public void Error(string? field, string message) => errors.Add(new FormError(field, message));

    public string? ErrorOf(string name) => errors.Find(error => string.Equals(error.Field, name, StringComparison.OrdinalIgnoreCase))?.Message;

    /// <summary>The answer's value; null after a refusal, which then stands beside its field.</summary>
    public T? Take<T>(Answer<T> answer)
    {
        if (answer.Problem is { } problem)
        {
            undecided |= problem.Status >= 500;
            if (problem.Errors.Count == 0)
            {
                Error(Known(problem.Field), say(problem.Detail ?? problem.Title));
            }
            foreach (var (field, messages) in problem.Errors)
            {
                Error(Known(field), say(messages.FirstOrDefault() ?? problem.Title));
            }
        }
        return answer.Value;
    }

    /// <summary>The key of this form when it is sent next: the same again where nobody knows whether the service has done it.</summary>
    public string Key => undecided && this[KeyField] is { } key ? key : Guid.NewGuid().ToString("N");

    /// <summary>A key for the next create of this POST: the same click gives the same keys again.</summary>
    internal string NextKey() => $"{this[KeyField] ?? Guid.NewGuid().ToString("N")}-{++calls}";

    // A service names its own field; only a field that is on this form can be led to.
    private string? Known(string? field) => field is null ? null
        : sent?.Keys.FirstOrDefault(key => string.Equals(key, field, StringComparison.OrdinalIgnoreCase) || key.StartsWith(field + ".", StringComparison.OrdinalIgnoreCase)) is { } key
            ? key.EndsWith(".Day", StringComparison.Ordinal) || key.EndsWith(".Month", StringComparison.Ordinal) ? key[..key.LastIndexOf('.')] : key
            : null;

    /// <summary>The id of the control of a field.</summary>
    public static string IdOf(string name) => "f-" + name.Replace('.', '-').Replace('[', '-').Replace("]", "", StringComparison.Ordinal);
}

/// <summary>One thing to fix. Without a field it concerns the whole form.</summary>
public sealed record FormError(string? Field, string Message);
