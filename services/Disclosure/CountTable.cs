namespace WalkTalk.Disclosure;

/// <summary>What a table of counts is about; decides its threshold and whether "nobody" may be said.</summary>
public enum TableKind
{
    /// <summary>Place by quarter (and light band): a true 0 is shown.</summary>
    PlaceByQuarter,
    /// <summary>Any other breakdown: a 0 reads like any withheld figure.</summary>
    Breakdown,
    /// <summary>Crossed with a protected characteristic: the higher threshold, and no 0.</summary>
    Characteristic,
}

/// <summary>A row of counts as published.</summary>
public sealed record PublishedRow(IReadOnlyList<Cell> Cells, Cell Total);

/// <summary>A table of counts as published.</summary>
public sealed record PublishedTable(IReadOnlyList<IReadOnlyList<Cell>> Cells, IReadOnlyList<Cell> RowTotals, IReadOnlyList<Cell> ColumnTotals, Cell Total);

/// <summary>
/// Publishes counts so that no small number is shown, nor can be worked out from what is shown beside it.
/// Totals are the true sums of the cells, rounded after summing.
/// </summary>
public static class CountTable
{
    /// <summary>One row with its total.</summary>
    public static PublishedRow PublishRow(IReadOnlyList<Tally> row, TableKind kind, Thresholds thresholds)
    {
        var grid = new Grid([row], kind, thresholds, columnTotals: false);
        grid.Protect();
        return new PublishedRow([.. Enumerable.Range(0, row.Count).Select(c => grid[0, c])], grid[0, row.Count]);
    }

    /// <summary>Rows of equal length, with the total of each row, of each column, and of all.</summary>
    public static PublishedTable Publish(IReadOnlyList<IReadOnlyList<Tally>> rows, TableKind kind, Thresholds thresholds)
    {
        var columns = rows.Count == 0 ? 0 : rows[0].Count;
        if (rows.Any(row => row.Count != columns))
            throw new ArgumentException("All rows of a table have the same number of cells.", nameof(rows));

        var grid = new Grid(rows, kind, thresholds, columnTotals: true);
        grid.Protect();
        return new PublishedTable(
            [.. Enumerable.Range(0, rows.Count).Select(r => (IReadOnlyList<Cell>)[.. Enumerable.Range(0, columns).Select(c => grid[r, c])])],
            [.. Enumerable.Range(0, rows.Count).Select(r => grid[r, columns])],
            [.. Enumerable.Range(0, columns).Select(c => grid[rows.Count, c])],
            grid[rows.Count, columns]);
    }
}
