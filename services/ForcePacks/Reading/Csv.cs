using System.Globalization;

namespace WalkTalk.ForcePacks.Reading;

/// <summary>
/// Comma-separated lines under a header. A record is one line, so that a fault's line is the one an editor shows;
/// lines that start with # are remarks.
/// </summary>
internal static class Csv
{
    public static List<Row> Read(PackFolder folder, string file, params string[] columns) => Read(folder, file, columns, null);

    /// <summary>With one more column at the end, which a file may leave out.</summary>
    public static List<Row> Read(PackFolder folder, string file, string[] columns, string? optional)
    {
        var rows = new List<Row>();
        if (folder.Text(file) is not { } text)
            return rows;

        var label = folder.Label(file);
        List<string>? header = null;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.AsSpan().Trim().IsEmpty || line.StartsWith('#'))
                continue;
            if (Fields(line.TrimEnd('\r')) is not { } fields)
            {
                folder.Faults.Add(label, number, "a quote is not closed");
                continue;
            }
            if (header is null)
            {
                header = fields;
                if (!header.SequenceEqual(columns) && (optional is null || !header.SequenceEqual([.. columns, optional])))
                {
                    folder.Faults.Add(label, number, $"the header must be {string.Join(',', columns)}");
                    return rows;
                }
                continue;
            }
            if (fields.Count != header.Count)
                folder.Faults.Add(label, number, $"{fields.Count} fields where the header has {header.Count}");
            else
                rows.Add(new Row(folder, label, number, header, fields));
        }
        if (header is null)
            folder.Faults.Add(label, 0, $"the file has no header; it must be {string.Join(',', columns)}");
        return rows;
    }

    private static List<string>? Fields(string line)
    {
        var fields = new List<string>();
        var at = 0;
        while (true)
        {
            if (at < line.Length && line[at] == '"')
            {
                var field = new System.Text.StringBuilder();
                while (true)
                {
                    if (++at >= line.Length)
                        return null;
                    if (line[at] != '"')
                        field.Append(line[at]);
                    else if (at + 1 < line.Length && line[at + 1] == '"')
                        field.Append(line[++at]);
                    else
                        break;
                }
                at++;
                if (at < line.Length && line[at] != ',')
                    return null;
                fields.Add(field.ToString());
            }
            else
            {
                var end = line.IndexOf(',', at);
                fields.Add(line[at..(end < 0 ? line.Length : end)].Trim());
                at = end < 0 ? line.Length : end;
            }
            if (at >= line.Length)
                return fields;
            at++;
        }
    }
}

/// <summary>One line of a CSV file; a field that cannot be read is a fault and yields a harmless value.</summary>
internal sealed class Row(PackFolder folder, string file, int line, List<string> header, List<string> fields)
{
    public void Fault(string message) => folder.Faults.Add(file, line, message);

    public string Optional(string column) => header.IndexOf(column) is >= 0 and var at ? fields[at] : "";

    public string Text(string column)
    {
        var text = Optional(column);
        if (text.Length == 0)
            Fault($"{column} is empty");
        return text;
    }

    public string[] Words(string column) => Optional(column).Split(' ', StringSplitOptions.RemoveEmptyEntries);

    public int Whole(string column)
    {
        if (!int.TryParse(Text(column), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && Optional(column).Length > 0)
            Fault($"{column} '{Optional(column)}' is not a whole number");
        return number;
    }

    public double Degrees(string column)
    {
        if (!double.TryParse(Text(column), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && Optional(column).Length > 0)
            Fault($"{column} '{Optional(column)}' is not a number");
        return number;
    }

    public bool YesOrNo(string column)
    {
        if (Text(column) is not ("yes" or "no" or ""))
            Fault($"{column} '{Optional(column)}' must be yes or no");
        return Optional(column) == "yes";
    }
}
