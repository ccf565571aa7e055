using SkiaSharp;
using WalkTalk.ServiceDefaults;

namespace WalkTalk.Feedback;

/// <summary>
/// A picture made anew from the pixels of what was sent: JPEG, at most 1600 pixels a side, upright, without any of the file around it (place, camera, comments, previews,
/// whatever was hidden behind the picture). What it is, is read from its first bytes, never from a name or a declared type.
/// </summary>
internal sealed record Picture(byte[] Jpeg, int Width, int Height)
{
    /// <summary>Bytes of a file at most: what a phone's camera makes.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;
    /// <summary>Bytes that are read at all: what is over this is cut off, what is between is refused in words.</summary>
    public const int MaxBody = 2 * MaxBytes;
    /// <summary>Pixels that a file may claim to have; read from its head, before anything is unpacked.</summary>
    public const int MaxPixels = 50_000_000;
    /// <summary>Pixels that are unpacked at once at most, 100 MB: JPEG and WebP are scaled while they are read.</summary>
    public const int MaxUnpacked = 25_000_000;
    /// <summary>The longer side of what is kept.</summary>
    public const int LongestSide = 1600;

    private const int Quality = 82;

    // Each unpacks up to 100 MB.
    private static readonly SemaphoreSlim Turns = new(2);

    /// <summary>Off the caller's thread, two at a time.</summary>
    public static async Task<(Refusal? Refused, Picture? Picture)> Remake(byte[] sent, CancellationToken ct)
    {
        if (Known(sent) is { } refused)
            return (refused, null);
        await Turns.WaitAsync(ct);
        try
        {
            return await Task.Run(() => Remake(sent), ct);
        }
        finally
        {
            Turns.Release();
        }
    }

    private static Refusal? Known(ReadOnlySpan<byte> sent)
    {
        if (sent.Length == 0)
            return FeedbackRefusals.PhotoUnreadable with { Detail = "The file is empty. Choose the photo again." };
        if (sent.StartsWith<byte>([0xFF, 0xD8, 0xFF]) || sent.StartsWith<byte>([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A])
            || (sent.StartsWith("RIFF"u8) && sent.Length > 12 && sent[8..12].SequenceEqual("WEBP"u8)))
            return null;
        // An ISO base media file with one of the brands iPhones write.
        return sent.Length > 12 && sent[4..8].SequenceEqual("ftyp"u8) && (sent[8..11].SequenceEqual("hei"u8) || sent[8..11].SequenceEqual("hev"u8) || sent[8..12].SequenceEqual("mif1"u8))
            ? FeedbackRefusals.PhotoType with { Detail = "This is a HEIC photo, which we cannot open. Take a screenshot of it and choose that, or set the camera to “most compatible”." }
            : FeedbackRefusals.PhotoType;
    }

    private static (Refusal?, Picture?) Remake(byte[] sent)
    {
        using var data = SKData.CreateCopy(sent);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp))
            return (FeedbackRefusals.PhotoUnreadable, null);
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        // JPEG is scaled by eighths while it is read: never below what is kept.
        var size = codec.GetScaledDimensions(Math.Min(1f, MathF.Ceiling(8f * LongestSide / Math.Max(width, height)) / 8f));
        if ((long)width * height > MaxPixels || (long)size.Width * size.Height > MaxUnpacked)
            return (FeedbackRefusals.PhotoTooLarge with { Detail = $"It has {width} by {height} pixels, more than we can open. Send a smaller copy, or a screenshot of it." }, null);

        using var unpacked = new SKBitmap();
        if (!unpacked.TryAllocPixels(new SKImageInfo(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul, SKColorSpace.CreateSrgb()))
            || codec.GetPixels(unpacked.Info, unpacked.GetPixels()) != SKCodecResult.Success)
            return (FeedbackRefusals.PhotoUnreadable, null);

        var turned = codec.EncodedOrigin >= SKEncodedOrigin.LeftTop;
        var (w, h) = turned ? (size.Height, size.Width) : (size.Width, size.Height);
        var scale = Math.Min(1f, LongestSide / (float)Math.Max(w, h));
        var (keptWidth, keptHeight) = (Math.Max(1, (int)MathF.Round(w * scale)), Math.Max(1, (int)MathF.Round(h * scale)));
        // Without a colour space of its own: then no profile is written into the file.
        using var surface = SKSurface.Create(new SKImageInfo(keptWidth, keptHeight, SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(keptWidth / (float)w, keptHeight / (float)h);
        surface.Canvas.Concat(Upright(codec.EncodedOrigin, size.Width, size.Height));
        using var image = SKImage.FromPixels(unpacked.PeekPixels());
        surface.Canvas.DrawImage(image, 0, 0, new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear));
        using var kept = surface.Snapshot();
        using var jpeg = kept.Encode(SKEncodedImageFormat.Jpeg, Quality);
        return (null, new Picture(jpeg.ToArray(), keptWidth, keptHeight));
    }

    /// <summary>How the camera was held (EXIF orientation): the turn goes into the pixels, since the note of it does not stay.</summary>
    private static SKMatrix Upright(SKEncodedOrigin origin, int w, int h) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, w, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, w, 0, -1, h, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, h, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, h, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, h, -1, 0, w, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, w, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}
