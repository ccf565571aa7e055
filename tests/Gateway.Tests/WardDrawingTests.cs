using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using WalkTalk.Fixtures;
using WalkTalk.ForcePacks;
using WalkTalk.Gateway.Components;

namespace WalkTalk.Gateway.Tests;

/// <summary>The map of wards, whatever the wards are.</summary>
public sealed class WardDrawingTests
{
    private static readonly ForcePack Pack = ForcePackCatalogue.Load(ForcePackCatalogue.DefaultFolder).Get(ServiceApp.Force);

    // A town of a few streets to a county: so many kilometres wide, with this many centres, none on another.
    private static readonly Gen<WardDrawing.Point[]> Centres = Gen.Select(Gen.Double[1, 60], Gen.Select(Gen.Int[0, 999], Gen.Int[0, 999]).HashSet[1, 40])
        .Select((wide, places) => places.Select(p => new WardDrawing.Point(p.Item1 * wide / 1000, p.Item2 * wide / 1000)).ToArray());

    private static readonly Gen<ForcePack> Packs = Centres.Select(centres => Pack with
    {
        Wards = [.. centres.Select((c, i) => Pack.Wards[i] with { Lat = 51.4 + c.Y / 111.32, Lng = -0.2 + c.X / 111.32 / Math.Cos(51.6 * Math.PI / 180) })],
    });

    [Fact]
    public void The_ground_of_a_ward_is_nearer_to_its_centre_than_to_any_other() => Gen.Select(Centres, Gen.Double[0, 1], Gen.Double[0, 1]).Sample((centres, x, y) =>
    {
        foreach (var centre in centres)
        {
            var ground = WardDrawing.Around(centre, [.. centres.Where(c => c != centre)]);
            Assert.True(Within([ground], centre));
            var (wide, high) = (ground.Max(p => p.X) - ground.Min(p => p.X), ground.Max(p => p.Y) - ground.Min(p => p.Y));
            var somewhere = new WardDrawing.Point(ground.Min(p => p.X) + x * wide, ground.Min(p => p.Y) + y * high);
            if (Within([ground], somewhere))
                Assert.All(centres, other => Assert.True(somewhere.To(centre) <= somewhere.To(other) + 1e-9));
        }
    }, iter: 2_000);

    [Fact]
    public void Every_ward_is_drawn_once_within_the_frame_and_its_letters_stand_in_it_alone() => Packs.Sample(pack =>
    {
        var drawings = WardDrawing.Of(pack);
        Assert.Equal(pack.Wards.Select(w => w.Code).Order(), drawings.SelectMany(d => d.Cells).Select(c => c.Ward.Code).Order());
        foreach (var drawing in drawings)
        {
            Assert.InRange(drawing.Width, WardDrawing.Usual, WardDrawing.Widest);
            foreach (var cell in drawing.Cells)
            {
                Assert.Equal(drawing.Borough.Code, cell.Ward.BoroughCode);
                Assert.All(cell.Rings.SelectMany(r => r), p => Assert.True(p.X >= 0 && p.Y >= 0 && p.X <= WardDrawing.Fine * drawing.Width && p.Y <= WardDrawing.Fine * drawing.Height));
                Assert.Equal([cell.Ward.Code], drawing.Cells.Where(c => Within(c, cell.X, cell.Y)).Select(c => c.Ward.Code));
            }
        }
    }, iter: 200);

    [Fact]
    public void Unless_the_drawing_is_as_wide_as_it_may_be_a_finger_fits_into_every_ward() => Packs.Sample(pack =>
    {
        foreach (var drawing in WardDrawing.Of(pack).Where(d => d.Width < WardDrawing.Widest))
        {
            // A unit less at each side, for points are rounded to whole ones.
            const int half = WardDrawing.Fine * WardDrawing.Finger / 2 - 2;
            Assert.All(drawing.Cells, cell => Assert.All([(-half, -half), (half, -half), (-half, half), (half, half)], ((int X, int Y) corner) => Assert.True(Within(cell, cell.X + corner.X, cell.Y + corner.Y))));
        }
    }, iter: 200);

    [Fact]
    public void Two_wards_never_share_ground() => Gen.Select(Packs, Gen.Select(Gen.Double[0, 1], Gen.Double[0, 1]).Array[50]).Sample((pack, places) =>
    {
        foreach (var drawing in WardDrawing.Of(pack))
        {
            foreach (var place in places.Select(p => new WardDrawing.Point(p.Item1 * WardDrawing.Fine * drawing.Width, p.Item2 * WardDrawing.Fine * drawing.Height)))
            {
                var there = drawing.Cells.Where(c => Within(c, place.X, place.Y)).ToList();
                // On the line itself, rounded, neighbours may touch.
                if (there.Count > 1)
                    Assert.All(there, c => Assert.True(c.Rings.SelectMany(Lines).Min(l => place.Square(l.A, l.B)) <= 1));
            }
        }
    }, iter: 200);

    [Fact]
    public void The_built_in_wards_fit_the_narrowest_phone_and_their_map_a_small_page()
    {
        var drawings = WardDrawing.Of(Pack);
        Assert.Equal(["Lambeth", "Southwark"], drawings.Select(d => d.Borough.Name));
        Assert.All(drawings, d => Assert.Equal(WardDrawing.Usual, d.Width));
        Assert.InRange(drawings.SelectMany(d => d.Cells).Sum(c => c.Path.Length), 48 * 10, 6_000);
    }

    [Fact]
    public void Boundaries_are_drawn_as_they_are_with_islands_and_holes()
    {
        // Each ward is a square around its centre, with a hole, and an island to its east.
        static IReadOnlyList<Position> Square(Ward w, double east, double half) =>
            [.. ((double, double)[])[(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)] is var corners ? corners.Select(c => new Position(w.Lat + c.Item1, w.Lng + east + c.Item2)) : []];
        var pack = Pack with { Boundaries = new Boundaries("Somebody", Pack.Wards.ToDictionary(w => w.Code, IReadOnlyList<IReadOnlyList<Position>> (w) => [Square(w, 0, 0.002), Square(w, -0.001, 0.0005), Square(w, 0.005, 0.001)])) };

        var drawing = WardDrawing.Of(pack)[0];

        foreach (var cell in drawing.Cells)
        {
            Assert.Equal(3, cell.Path.Count(c => c == 'M'));
            Assert.True(Within(cell, cell.X, cell.Y));
            var hole = cell.Rings[1];
            Assert.False(Within(cell, hole.Average(p => p.X) + 0.1, hole.Average(p => p.Y) + 0.1));
        }
        // The path says the same as the points.
        var ring = drawing.Cells[0].Rings[0];
        var steps = Regex.Matches(drawing.Cells[0].Path.Split('z')[0], @"-?\d+").Select(m => int.Parse(m.Value, CultureInfo.InvariantCulture)).Chunk(2).ToList();
        Assert.Equal(ring[^1], (steps.Sum(s => s[0]), steps.Sum(s => s[1])));
    }

    private static bool Within(WardDrawing.Cell cell, double x, double y) => Within(cell.Rings.Select(Points), new WardDrawing.Point(x, y));

    private static bool Within(IEnumerable<List<WardDrawing.Point>> rings, WardDrawing.Point p) =>
        rings.SelectMany(Lines).Count(s => s.A.Y > p.Y != s.B.Y > p.Y && p.X < s.A.X + (p.Y - s.A.Y) / (s.B.Y - s.A.Y) * (s.B.X - s.A.X)) % 2 == 1;

    private static List<WardDrawing.Point> Points(IReadOnlyList<(int X, int Y)> ring) => [.. ring.Select(p => new WardDrawing.Point(p.X, p.Y))];

    private static IEnumerable<(WardDrawing.Point A, WardDrawing.Point B)> Lines(IReadOnlyList<(int X, int Y)> ring) => Lines(Points(ring));

    private static IEnumerable<(WardDrawing.Point A, WardDrawing.Point B)> Lines(List<WardDrawing.Point> ring) => ring.Select((p, i) => (p, ring[(i + 1) % ring.Count]));
}
