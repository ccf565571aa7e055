using System.Globalization;
using System.Text;
using WalkTalk.Contracts.Booking.Api;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Booking;

/// <summary>
/// An uploaded CSV file. A record is one line, so that a fault's line is the one an editor shows; lines that start with # are remarks.
/// It is read to its end whatever it holds, so that every fault is known at once.
/// </summary>
internal sealed class CsvFile
{
    private const int MostLines = 5000, MostFaults = 200;

    public List<CsvLine> Lines { get; } = [];
    public List<ImportFault> Faults { get; } = [];

    /// <summary>The request's body as a file with these columns, or the refusal of something else.</summary>
    public static async Task<(Refusal? Refused, CsvFile File)> Read(HttpRequest request, string[] columns, CancellationToken ct, params string[] optional)
    {
        var file = new CsvFile();
        using var body = new MemoryStream();
        // With an Idempotency-Key the body has been read once, for its hash.
        if (request.Body.CanSeek) request.Body.Position = 0;
        await request.Body.CopyToAsync(body, ct);
        if (request.ContentType?.Split(';')[0].Trim() is not "text/csv") return (Refusals.NotCsv, file);
        if (body.Length == 0) return (Refusals.CsvEmpty, file);
        try
        {
            // Spreadsheets put a byte order mark before it, or do not.
            file.Read(new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body.GetBuffer(), 0, (int)body.Length).TrimStart('\uFEFF'), columns, optional);
        }
        catch (DecoderFallbackException)
        {
            file.Fault(0, null, "The file is not UTF-8. Save it as \"CSV UTF-8\".");
        }
        return (null, file);
    }

    public void Fault(int line, string? field, string problem)
    {
        if (Faults.Count < MostFaults) Faults.Add(new(line, field, problem));
    }

    private void Read(string text, string[] columns, string[] optional)
    {
        List<string>? header = null;
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.TrimEnd('\r');
            if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#')) continue;
            if (number > MostLines)
            {
                Fault(number, null, $"The file has more than {MostLines} lines. Import it in parts.");
                return;
            }
            if (Fields(line) is not { } fields)
            {
                Fault(number, null, "A quote is not closed, or text follows one.");
                continue;
            }
            if (header is null)
            {
                header = fields;
                if (header.SequenceEqual(columns) || header.SequenceEqual([.. columns, .. optional])) continue;
                Fault(number, null, $"The first line must be {string.Join(',', columns)}{(optional.Length > 0 ? $", perhaps followed by {string.Join(',', optional)}" : "")}");
                return;
            }
            if (fields.Count != header.Count) Fault(number, null, $"{fields.Count} fields where the first line has {header.Count}.");
            else Lines.Add(new(this, number, [.. header], fields));
        }
        if (header is null) Fault(0, null, $"The first line must be {string.Join(',', columns)}");
    }

    private static List<string>? Fields(string line)
    {
        var fields = new List<string>();
        for (var at = 0; ; at++)
        {
            var field = new StringBuilder();
            if (at < line.Length && line[at] == '"')
            {
                while (true)
                {
                    if (++at >= line.Length) return null;
                    if (line[at] != '"') field.Append(line[at]);
                    else if (at + 1 < line.Length && line[at + 1] == '"') field.Append(line[++at]);
                    else break;
                }
                at++;
                if (at < line.Length && line[at] != ',') return null;
            }
            else
            {
                while (at < line.Length && line[at] != ',') field.Append(line[at++]);
            }
            fields.Add(field.ToString().Trim());
            if (at >= line.Length) return fields;
        }
    }
}

/// <summary>One line of the file. What cannot be read is a fault and yields a harmless value.</summary>
internal sealed class CsvLine(CsvFile file, int number, string[] columns, List<string> fields)
{
    public int Number => number;

    public void Fault(string? field, string problem) => file.Fault(number, field, problem);

    public bool Has(string column) => columns.Contains(column);

    public string Raw(string column) => fields[Array.IndexOf(columns, column)];

    /// <summary>Text for people. What a spreadsheet would take for a formula is refused, because somebody will open an export of it in one.</summary>
    public string Text(string column, int most)
    {
        var text = Raw(column);
        if (text.Length == 0) Fault(column, "It is empty.");
        else if (text.Length > most) Fault(column, $"It is longer than {most} characters.");
        else if (text[0] is '=' or '+' or '-' or '@') Fault(column, $"It begins with {text[0]}, which a spreadsheet takes for a formula.");
        else if (text.Any(char.IsControl)) Fault(column, "It holds a character that cannot be seen.");
        return text;
    }

    public List<string> Words(string column)
    {
        var words = Raw(column).Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct().ToList();
        if (words.Count == 0) Fault(column, "It is empty. Part several by blanks.");
        return words;
    }

    public bool YesOrNo(string column)
    {
        if (Raw(column) is not ("yes" or "no")) Fault(column, "It must be yes or no.");
        return Raw(column) == "yes";
    }

    public double Degrees(string column, double least, double most)
    {
        if (double.TryParse(Raw(column), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most) return number;
        Fault(column, string.Create(CultureInfo.InvariantCulture, $"It must be a number from {least} to {most}, for example {(least + most) / 2}."));
        return 0;
    }
}
