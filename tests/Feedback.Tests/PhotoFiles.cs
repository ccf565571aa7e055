using System.Buffers.Binary;
using System.IO.Compression;
using SkiaSharp;

namespace WalkTalk.Feedback.Tests;

/// <summary>Files as cameras, and people with bad intentions, make them.</summary>
internal static class PhotoFiles
{
    /// <summary>Red on the left, blue on the right.</summary>
    public static byte[] Picture(int width, int height, SKEncodedImageFormat format = SKEncodedImageFormat.Jpeg, byte alpha = 255)
    {
        using var bitmap = new SKBitmap(width, height);
        bitmap.Erase(SKColors.Red.WithAlpha(alpha));
        using (var canvas = new SKCanvas(bitmap))
        using (var blue = new SKPaint { Color = SKColors.Blue.WithAlpha(alpha) })
            canvas.DrawRect(width / 2f, 0, width / 2f, height, blue);
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    /// <summary>A PNG that does not pack well.</summary>
    public static byte[] Noise(int width, int height)
    {
        using var bitmap = new SKBitmap(width, height);
        var random = new Random(7);
        bitmap.Pixels = [.. Enumerable.Range(0, width * height).Select(_ => new SKColor((uint)random.Next() | 0xFF000000))];
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>With an APP1 segment as a phone writes it: orientation, the camera's name, a GPS block; and a comment.</summary>
    public static byte[] WithExif(byte[] jpeg, ushort orientation)
    {
        byte[] tiff =
        [
            .. "MM\0*\0\0\0\u0008"u8, 0, 3,
            0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0,
            0x01, 0x10, 0, 2, 0, 0, 0, 13, 0, 0, 0, 50,
            0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 64,
            0, 0, 0, 0, .. "SecretCamera\0\0"u8, .. "GPSLatitude 51.4623 N"u8,
        ];
        byte[] exif = [.. "Exif\0\0"u8, .. tiff];
        byte[] comment = "taken at 51.4623, -0.1145"u8.ToArray();
        return [0xFF, 0xD8, 0xFF, 0xE1, .. Length(exif), .. exif, 0xFF, 0xFE, .. Length(comment), .. comment, .. jpeg[2..]];
    }

    private static byte[] Length(byte[] segment) => [(byte)((segment.Length + 2) >> 8), (byte)(segment.Length + 2)];

    /// <summary>A small, well-formed PNG of one bit a pixel, all black, of whatever size it claims.</summary>
    public static byte[] Png(int width, int height)
    {
        var head = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(head, width);
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), height);
        head[8] = 1;
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            var row = new byte[1 + (width + 7) / 8];
            for (var y = 0; y < height; y++)
                zlib.Write(row);
        }
        return [0x89, .. "PNG\r\n\u001a\n"u8, .. Chunk("IHDR"u8, head), .. Chunk("IDAT"u8, packed.ToArray()), .. Chunk("IEND"u8, [])];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] body = [.. type, .. data];
        var crc = uint.MaxValue;
        foreach (var b in body)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        var (length, check) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(check, ~crc);
        return [.. length, .. body, .. check];
    }

    public static byte[] Join(byte[] first, byte[] second) => [.. first, .. second];
}
