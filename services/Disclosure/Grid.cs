namespace WalkTalk.Disclosure;

/// <summary>
/// The counts with their totals as a last column and a last row: every row and every column is then a line whose
/// last cell is the sum of the others, and one set of rules serves cells and totals alike.
/// </summary>
internal sealed class Grid
{
    private readonly Thresholds _thresholds;
    private readonly bool _zeroIsShown;
    private readonly int _minimum;
    private readonly int[,] _counts;
    private readonly bool[,] _hidden;
    private readonly bool[,] _small;
    private readonly List<Line> _lines = [];

    public Grid(IReadOnlyList<IReadOnlyList<Tally>> rows, TableKind kind, Thresholds thresholds, bool columnTotals)
    {
        _thresholds = thresholds;
        _zeroIsShown = kind == TableKind.PlaceByQuarter;
        _minimum = kind == TableKind.Characteristic ? thresholds.MinimumWithCharacteristic : thresholds.MinimumCount;

        var (height, width) = (rows.Count, rows.Count == 0 ? 0 : rows[0].Count);
        _counts = new int[height + 1, width + 1];
        _hidden = new bool[height + 1, width + 1];
        _small = new bool[height + 1, width + 1];

        for (var r = 0; r < height; r++)
        {
            for (var c = 0; c < width; c++)
            {
                var tally = rows[r][c];
                if (tally.Count < 0 || tally.OfOne < 0 || (tally.Count > 0 && tally.OfOne > tally.Count))
                    throw new ArgumentOutOfRangeException(nameof(rows), tally, "A count is not negative, and no contributor gives more than all of it.");
                Set(r, c, tally.Count);
                // More than the permitted share comes from one person: a large figure that is about her alone.
                if (tally.Count > 0 && 100L * tally.OfOne > (long)thresholds.MaximumShareOfOne * tally.Count)
                    _hidden[r, c] = true;
                _counts[r, width] += tally.Count;
                _counts[height, c] += tally.Count;
                _counts[height, width] += tally.Count;
            }
        }
        for (var r = 0; r < height; r++)
        {
            Set(r, width, _counts[r, width]);
            _lines.Add(new Line([.. Enumerable.Range(0, width).Select(c => (r, c))], (r, width)));
        }
        if (!columnTotals)
            return;
        for (var c = 0; c <= width; c++)
        {
            Set(height, c, _counts[height, c]);
            _lines.Add(new Line([.. Enumerable.Range(0, height).Select(r => (r, c))], (height, c)));
        }
        _lines.Add(new Line([.. Enumerable.Range(0, width).Select(c => (height, c))], (height, width)));
    }

    public Cell this[int row, int column] =>
        _hidden[row, column] ? Cell.Withheld : Cell.Of(_thresholds.RoundHalfUp(_counts[row, column]));

    /// <summary>Hides until no line gives a hidden cell away. Each round hides something more, so it ends.</summary>
    public void Protect()
    {
        do
        {
            while (_lines.Aggregate(false, (changed, line) => HideASecond(line) | HideATightTotal(line) || changed))
            {
            }
        }
        while (HideATellingTotal());
    }

    private void Set(int row, int column, int count)
    {
        _counts[row, column] = count;
        _small[row, column] = count > 0 && count < _minimum;
        _hidden[row, column] = _small[row, column] || (count == 0 && !_zeroIsShown);
    }

    /// <summary>A single hidden cell is the total less the others: hide the smallest of those, or, when only zeros are left, the total.</summary>
    private bool HideASecond(Line line)
    {
        if (line.Parts.Count(Hidden) != 1)
            return false;
        var second = line.Parts.Where(p => !Hidden(p) && Count(p) > 0).OrderBy(Count).Select(p => ((int, int)?)p).FirstOrDefault() ?? line.Total;
        return Hide(second);
    }

    /// <summary>
    /// The total less what is shown bounds the hidden cells together. It must leave each of them room from 1 to one
    /// below the minimum, with a step to spare: else a hidden total would itself say that it had left no room.
    /// </summary>
    private bool HideATightTotal(Line line)
    {
        var hidden = line.Parts.Count(Hidden);
        if (hidden == 0 || Hidden(line.Total))
            return false;
        var total = Known(line.Total.Row, line.Total.Column);
        var shown = line.Parts.Where(p => !Hidden(p)).Select(p => Known(p.Row, p.Column)).ToList();
        var most = total.High - shown.Sum(s => s.Low);
        var least = total.Low - shown.Sum(s => s.High);
        var tooLow = most < hidden + _minimum - 2 + _thresholds.RoundTo;
        var tooHigh = line.Parts.Where(Hidden).All(p => _small[p.Row, p.Column]) && least > (hidden - 1) * (_minimum - 1) + 1;
        return (tooLow || tooHigh) && Hide(line.Total);
    }

    /// <summary>
    /// Rounded figures still leave bounds. When those of a hidden cell shut out a value it must be able to have,
    /// a total it stands in goes too; when none is shown, the total of all.
    /// </summary>
    private bool HideATellingTotal()
    {
        var bounds = Bounds.Of(_lines, Known);
        var telling = bounds.Where(b => Hidden(b.Key) && Tells(b.Key, b.Value)).Select(b => b.Key).ToHashSet();
        if (telling.Count == 0)
            return false;
        var line = _lines.Find(l => !Hidden(l.Total) && l.Parts.Any(telling.Contains)) ?? _lines[^1];
        return Hide(line.Total);
    }

    private bool Tells((int Row, int Column) at, (int Low, int High) bounds)
    {
        var span = bounds.High - bounds.Low;
        return _small[at.Row, at.Column] ? bounds.Low > 1 || bounds.High < _minimum - 1 : Count(at) > 0 && span < _thresholds.RoundTo;
    }

    /// <summary>What the cell alone tells a reader.</summary>
    private (int Low, int High) Known(int row, int column)
    {
        if (_hidden[row, column])
            return (_zeroIsShown ? 1 : 0, Bounds.Unknown);
        var shown = _thresholds.RoundHalfUp(_counts[row, column]);
        return _counts[row, column] == 0
            ? (0, 0)
            : (Math.Max(_minimum, shown - _thresholds.RoundTo / 2), shown + (_thresholds.RoundTo - 1) / 2);
    }

    private bool Hidden((int Row, int Column) at) => _hidden[at.Row, at.Column];

    private int Count((int Row, int Column) at) => _counts[at.Row, at.Column];

    private bool Hide((int Row, int Column) at)
    {
        if (_hidden[at.Row, at.Column])
            return false;
        return _hidden[at.Row, at.Column] = true;
    }
}

/// <summary>Cells and the cell that holds their sum.</summary>
internal sealed record Line(IReadOnlyList<(int Row, int Column)> Parts, (int Row, int Column) Total);

/// <summary>What a patient reader can work out of a cell: its least and greatest possible value.</summary>
internal static class Bounds
{
    public const int Unknown = 1_000_000_000;

    public static Dictionary<(int Row, int Column), (int Low, int High)> Of(IReadOnlyList<Line> lines, Func<int, int, (int, int)> known)
    {
        var bounds = lines.SelectMany(l => l.Parts.Append(l.Total)).Distinct().ToDictionary(at => at, at => known(at.Row, at.Column));
        while (lines.Aggregate(false, (changed, line) => Narrow(line, bounds) || changed))
        {
        }
        return bounds;
    }

    private static bool Narrow(Line line, Dictionary<(int, int), (int Low, int High)> bounds)
    {
        long low = line.Parts.Sum(p => (long)bounds[p].Low), high = line.Parts.Sum(p => (long)bounds[p].High);
        var total = bounds[line.Total];
        var changed = Tighten(line.Total, low, high);
        foreach (var part in line.Parts)
        {
            var (partLow, partHigh) = bounds[part];
            changed |= Tighten(part, total.Low - (high - partHigh), total.High - (low - partLow));
        }
        return changed;

        bool Tighten((int, int) at, long least, long most)
        {
            var (from, to) = bounds[at];
            var tightened = ((int)Math.Max(from, least), (int)Math.Min(to, most));
            bounds[at] = tightened;
            return tightened != (from, to);
        }
    }
}
