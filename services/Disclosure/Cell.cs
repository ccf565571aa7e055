using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace WalkTalk.Disclosure;

/// <summary>
/// A figure as published: a rounded value, or withheld to protect people. An unset cell is withheld, so that a
/// forgotten one tells nothing. On the wire a number or "c".
/// </summary>
[JsonConverter(typeof(CellJson))]
public readonly record struct Cell
{
    private Cell(int value) => Value = value;

    /// <summary>How a withheld figure is written.</summary>
    public const string WithheldMark = "c";

    public static Cell Withheld => default;

    /// <summary>The published value, or null when withheld.</summary>
    public int? Value { get; }

    public bool IsWithheld => Value is null;

    public override string ToString() => Value?.ToString(CultureInfo.InvariantCulture) ?? WithheldMark;

    internal static Cell Of(int value) => new(value);

    internal sealed class CellJson : JsonConverter<Cell>
    {
        public override Cell Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
        {
            JsonTokenType.Number => Of(reader.GetInt32()),
            JsonTokenType.String when reader.ValueTextEquals(WithheldMark) => Withheld,
            _ => throw new JsonException("A published figure is a number or \"c\"."),
        };

        public override void Write(Utf8JsonWriter writer, Cell value, JsonSerializerOptions options)
        {
            if (value.Value is { } number)
                writer.WriteNumberValue(number);
            else
                writer.WriteStringValue(WithheldMark);
        }
    }
}

/// <summary>A true count, before disclosure control.</summary>
/// <param name="Count">Distinct contributors where they are known, else reports.</param>
/// <param name="OfOne">How many of them come from the one contributor who gave most.</param>
public readonly record struct Tally(int Count, int OfOne = 1)
{
    public static implicit operator Tally(int count) => new(count);

    public static Tally FromInt32(int count) => new(count);
}
