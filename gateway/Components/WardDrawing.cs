using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using WalkTalk.ForcePacks;

namespace WalkTalk.Gateway.Components;

/// <summary>
/// The wards of one borough as a drawing: by their boundaries where the pack has them, else each ward as the ground around its centre
/// that is nearer to no other. <see cref="Width"/> and <see cref="Height"/> are in pixels; points in <see cref="Fine"/> units a pixel.
/// </summary>
internal sealed record WardDrawing(Borough Borough, int Width, int Height, IReadOnlyList<WardDrawing.Cell> Cells)
{
    /// <summary>Units of a drawing a pixel.</summary>
    public const int Fine = 2;

    /// <summary>As wide as the narrowest phone shows; wider, and then scrolled, where a finger would need it, up to <see cref="Widest"/>.</summary>
    public const int Usual = 288, Widest = 900;

    /// <summary>The side of the square a finger needs, in pixels (WCAG 2.2, 2.5.8).</summary>
    public const int Finger = 24;

    private static readonly ConditionalWeakTable<ForcePack, IReadOnlyList<WardDrawing>> Drawn = [];

    /// <summary>One ward: its rings, and the middle of its largest room, where its letters stand.</summary>
    internal sealed record Cell(Ward Ward, IReadOnlyList<IReadOnlyList<(int X, int Y)>> Rings, int X, int Y)
    {
        /// <summary>The rings as a path, each point as steps from the one before.</summary>
        public string Path
        {
            get
            {
                var path = new StringBuilder();
                foreach (var ring in Rings)
                {
                    path.Append(CultureInfo.InvariantCulture, $"M{ring[0].X} {ring[0].Y}l");
                    for (var i = 1; i < ring.Count; i++)
                        path.Append(CultureInfo.InvariantCulture, $"{(i == 1 ? "" : " ")}{ring[i].X - ring[i - 1].X} {ring[i].Y - ring[i - 1].Y}");
                    path.Append('z');
                }
                return path.ToString();
            }
        }
    }

    /// <summary>One drawing a borough, in the pack's order.</summary>
    public static IReadOnlyList<WardDrawing> Of(ForcePack pack) => Drawn.GetValue(pack, static pack =>
    {
        // Kilometres east and south; flat is exact enough for a drawing.
        var shrink = Math.Cos(pack.Wards.Average(w => w.Lat) * Math.PI / 180);
        Point Flat(double lat, double lng) => new(lng * shrink * 111.32, -lat * 111.32);

        var centres = pack.Wards.ToDictionary(w => w.Code, w => Flat(w.Lat, w.Lng));
        var shapes = pack.Wards.ToDictionary(w => w.Code, w => pack.Boundaries is { } boundaries
            ? boundaries.ByWard[w.Code].Select(ring => ring.Select(p => Flat(p.Lat, p.Lng)).ToList()).ToList()
            : [Around(centres[w.Code], [.. centres.Where(c => c.Key != w.Code).Select(c => c.Value)])]);
        return [.. pack.Boroughs.Select(b => Draw(b, [.. pack.Wards.Where(w => w.BoroughCode == b.Code).OrderBy(w => w.Name, StringComparer.Ordinal)], shapes)).Where(d => d.Cells.Count > 0)];
    });

    /// <summary>The ground that is nearer to this centre than to any other, and not far from it: the fourth neighbour says what far is here.</summary>
    internal static List<Point> Around(Point centre, List<Point> others)
    {
        others.Sort((a, b) => centre.To(a).CompareTo(centre.To(b)));
        var far = 0.75 * (others.Count == 0 ? 1 : centre.To(others[Math.Min(4, others.Count) - 1]));
        var cell = Enumerable.Range(0, 16).Select(i => new Point(centre.X + far * Math.Cos(i * Math.PI / 8), centre.Y + far * Math.Sin(i * Math.PI / 8))).ToList();
        foreach (var other in others.TakeWhile(o => centre.To(o) < 2 * far))
        {
            // What lies beyond the line half-way to the other is cut off.
            double Beyond(Point p) => (p.X - (centre.X + other.X) / 2) * (other.X - centre.X) + (p.Y - (centre.Y + other.Y) / 2) * (other.Y - centre.Y);
            var kept = new List<Point>();
            foreach (var (a, b) in Sides(cell))
            {
                var (from, to) = (Beyond(a), Beyond(b));
                if (from <= 0)
                    kept.Add(a);
                if (from * to < 0)
                    kept.Add(new Point(a.X + from / (from - to) * (b.X - a.X), a.Y + from / (from - to) * (b.Y - a.Y)));
            }
            cell = kept;
        }
        return cell;
    }

    private static WardDrawing Draw(Borough borough, List<Ward> wards, Dictionary<string, List<List<Point>>> shapes)
    {
        if (wards.Count == 0)
            return new WardDrawing(borough, 0, 0, []);
        var rooms = wards.Select(w => Room(shapes[w.Code])).ToList();
        var points = wards.SelectMany(w => shapes[w.Code]).SelectMany(ring => ring).ToList();
        var (left, top) = (points.Min(p => p.X), points.Min(p => p.Y));
        var (wide, high) = (points.Max(p => p.X) - left, points.Max(p => p.Y) - top);
        // A pixel at each side is for the line.
        var scale = Math.Clamp(Finger / 2.0 / rooms.Min(r => r.Half), (Usual - 2) / wide, (Widest - 2) / wide);
        (int, int) Place(Point p) => ((int)Math.Round(((p.X - left) * scale + 1) * Fine), (int)Math.Round(((p.Y - top) * scale + 1) * Fine));
        int Pixels(double length) => (int)Math.Ceiling(length * scale - 1e-6) + 2;
        return new WardDrawing(borough, Pixels(wide), Pixels(high), [.. wards.Select((ward, i) =>
        {
            var (x, y) = Place(rooms[i].Middle);
            return new Cell(ward, [.. shapes[ward.Code].Select(ring => Coarse(ring.ConvertAll(Place))).Where(ring => ring.Count > 2)], x, y);
        })]);
    }

    /// <summary>Without the points that fall on the one before.</summary>
    private static List<(int X, int Y)> Coarse(List<(int X, int Y)> ring) => [.. ring.Where((point, i) => point != ring[(i + ring.Count - 1) % ring.Count])];

    /// <summary>Middle and half the side of the largest upright square in the shape, as far as a grid of 24 by 24 finds it.</summary>
    private static (Point Middle, double Half) Room(List<List<Point>> rings)
    {
        var sides = rings.SelectMany(Sides).ToList();
        var points = rings.SelectMany(ring => ring).ToList();
        var (left, top, right, bottom) = (points.Min(p => p.X), points.Min(p => p.Y), points.Max(p => p.X), points.Max(p => p.Y));
        return Enumerable.Range(0, 24 * 24)
            .Select(i => new Point(left + (right - left) * (i % 24 + 0.5) / 24, top + (bottom - top) * (i / 24 + 0.5) / 24))
            .Where(p => sides.Count(s => s.A.Y > p.Y != s.B.Y > p.Y && p.X < s.A.X + (p.Y - s.A.Y) / (s.B.Y - s.A.Y) * (s.B.X - s.A.X)) % 2 == 1)
            .Select(p => (Middle: p, Half: sides.Min(s => p.Square(s.A, s.B)))).DefaultIfEmpty((Middle: points[0], Half: 0)).MaxBy(r => r.Half);
    }

    private static IEnumerable<(Point A, Point B)> Sides(List<Point> ring) => ring.Select((point, i) => (point, ring[(i + 1) % ring.Count]));

    internal readonly record struct Point(double X, double Y)
    {
        public double To(Point other) => Math.Sqrt((X - other.X) * (X - other.X) + (Y - other.Y) * (Y - other.Y));

        /// <summary>Half the side of the upright square around this point that touches the line from a to b.</summary>
        public double Square(Point a, Point b)
        {
            var (x, y, dx, dy) = (a.X - X, a.Y - Y, b.X - a.X, b.Y - a.Y);
            // It touches with a corner, with a side, or at an end of the line.
            return Math.Min(Math.Min(Math.Min(At(0), At(1)), Math.Min(At(-x / dx), At(-y / dy))), Math.Min(At((y - x) / (dx - dy)), At(-(x + y) / (dx + dy))));

            double At(double along)
            {
                along = double.IsFinite(along) ? Math.Clamp(along, 0, 1) : 0;
                return Math.Max(Math.Abs(x + along * dx), Math.Abs(y + along * dy));
            }
        }
    }
}
