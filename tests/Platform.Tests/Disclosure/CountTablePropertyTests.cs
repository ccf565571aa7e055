using CsCheck;
using WalkTalk.Disclosure;

namespace WalkTalk.Platform.Tests.Disclosure;

/// <summary>What holds for every table, not only for the ones somebody thought of.</summary>
public sealed class CountTablePropertyTests
{
    private static readonly Thresholds Floor = new();

    // Small counts are where it matters; the odd large one keeps the others honest.
    private static readonly Gen<Tally> Tallies =
        from count in Gen.Frequency((3, Gen.Int[0, 4]), (4, Gen.Int[5, 30]), (1, Gen.Int[31, 3000]))
        from ofOne in Gen.Int[0, count]
        from dominated in Gen.Frequency((9, Gen.Const(false)), (1, Gen.Const(true)))
        select new Tally(count, dominated ? ofOne : Math.Min(1, count));

    private static readonly Gen<Tally[][]> Tables =
        from height in Gen.Int[1, 8]
        from width in Gen.Int[1, 8]
        from table in Tallies.Array[width].Array[height]
        select table;

    private static readonly Gen<TableKind> Kinds = Gen.Enum<TableKind>();

    [Fact]
    public void No_small_count_and_nothing_but_a_multiple_of_five_is_ever_published() =>
        Gen.Select(Tables, Kinds).Sample((table, kind) =>
        {
            var published = CountTable.Publish(table, kind, Floor);
            var least = kind == TableKind.Characteristic ? 10 : 5;
            foreach (var cell in AllOf(published))
            {
                Assert.True(cell.Value is null or 0 || (cell.Value >= least && cell.Value % 5 == 0), $"{cell}");
                Assert.True(cell.Value != 0 || kind == TableKind.PlaceByQuarter);
            }
        });

    [Fact]
    public void What_is_published_is_the_true_count_rounded() =>
        Gen.Select(Tables, Kinds).Sample((table, kind) =>
        {
            var published = CountTable.Publish(table, kind, Floor);
            for (var r = 0; r < table.Length; r++)
            {
                Near(table[r].Sum(t => t.Count), published.RowTotals[r]);
                for (var c = 0; c < table[r].Length; c++)
                    Near(table[r][c].Count, published.Cells[r][c]);
            }
            for (var c = 0; c < table[0].Length; c++)
                Near(table.Sum(row => row[c].Count), published.ColumnTotals[c]);
            Near(table.Sum(row => row.Sum(t => t.Count)), published.Total);
        });

    [Fact]
    public void No_row_or_column_with_a_total_has_exactly_one_withheld_cell() =>
        Gen.Select(Tables, Kinds).Sample((table, kind) =>
        {
            var published = CountTable.Publish(table, kind, Floor);
            foreach (var (cells, total) in LinesOf(published))
            {
                if (cells.Count(c => c.IsWithheld) != 1)
                    continue;
                // Nothing remained to hide but the total.
                Assert.All(cells, c => Assert.True(c.IsWithheld || c.Value == 0));
                Assert.True(total.IsWithheld);
            }
        });

    [Fact]
    public void A_cell_that_is_mostly_one_person_is_never_published() =>
        Gen.Select(Tables, Kinds).Sample((table, kind) =>
        {
            var published = CountTable.Publish(table, kind, Floor);
            for (var r = 0; r < table.Length; r++)
            {
                for (var c = 0; c < table[r].Length; c++)
                    Assert.True(table[r][c].Count == 0 || 2 * table[r][c].OfOne <= table[r][c].Count || published.Cells[r][c].IsWithheld);
            }
        });

    [Fact]
    public void The_same_table_is_published_the_same_every_time() =>
        Gen.Select(Tables, Kinds).Sample((table, kind) =>
            Assert.Equal(AllOf(CountTable.Publish(table, kind, Floor)), AllOf(CountTable.Publish(table, kind, Floor))));

    /// <summary>
    /// The strongest reader: she knows these rules and tries every row of counts that could stand behind what she sees.
    /// A hidden count of 1 to 4 must be able to be each of 1 to 4 for her.
    /// </summary>
    [Theory]
    [InlineData(2, 24)]
    [InlineData(3, 17)]
    [InlineData(4, 12)]
    [InlineData(5, 7)]
    public void Who_knows_the_rules_and_tries_every_row_still_cannot_tell_a_hidden_small_count(int width, int most)
    {
        var rows = Enumerable.Repeat(Enumerable.Range(0, most + 1), width).Aggregate(
            new[] { Array.Empty<int>() }.AsEnumerable(), (found, next) => found.SelectMany(row => next.Select(count => row.Append(count).ToArray())));
        var bySight = rows.GroupBy(
            row => CountTable.PublishRow([.. row.Select(c => new Tally(c))], TableKind.PlaceByQuarter, Floor),
            row => row,
            SightComparer);

        // Only sights no row of larger counts could give as well: those were not tried.
        foreach (var sight in bySight.Where(s => s.Key.Cells.Append(s.Key.Total).All(c => c.IsWithheld || c.Value <= most - 2)))
        {
            for (var cell = 0; cell < width; cell++)
            {
                var possible = sight.Select(row => row[cell]).ToHashSet();
                if (possible.Overlaps([1, 2, 3, 4]))
                    Assert.True(possible.IsSupersetOf([1, 2, 3, 4]), $"{Text(sight.Key)}: cell {cell} can only be {string.Join(' ', possible.Order())}");
            }
        }
    }

    [Fact]
    public void A_table_of_every_ward_and_every_code_is_protected_in_reasonable_time()
    {
        var table = Enumerable.Range(0, 48).Select(r => Enumerable.Range(0, 36).Select(c => new Tally((r * 7 + c * 13 + r * c) % 23)).ToArray()).ToArray();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        CountTable.Publish(table, TableKind.PlaceByQuarter, Floor);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(15), $"took {clock.Elapsed}");
    }

    private static string Text(PublishedRow row) => $"{string.Join(' ', row.Cells)} | {row.Total}";

    private static readonly EqualityComparer<PublishedRow> SightComparer =
        EqualityComparer<PublishedRow>.Create((a, b) => Text(a!) == Text(b!), row => Text(row).GetHashCode(StringComparison.Ordinal));

    private static void Near(int count, Cell cell) =>
        Assert.True(cell.IsWithheld || cell.Value - count is >= -2 and <= 2, $"{count} published as {cell}");

    private static Cell[] AllOf(PublishedTable t) => [.. t.Cells.SelectMany(r => r), .. t.RowTotals, .. t.ColumnTotals, t.Total];

    private static IEnumerable<(IReadOnlyList<Cell> Cells, Cell Total)> LinesOf(PublishedTable t) =>
    [
        .. t.Cells.Zip(t.RowTotals),
        .. t.ColumnTotals.Select((total, c) => ((IReadOnlyList<Cell>)[.. t.Cells.Select(row => row[c])], total)),
        (t.RowTotals, t.Total),
        (t.ColumnTotals, t.Total),
    ];
}
