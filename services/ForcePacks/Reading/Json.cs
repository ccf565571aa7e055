using System.Text;
using System.Text.Json;

namespace WalkTalk.ForcePacks.Reading;

/// <summary>
/// A JSON value that knows its line: the serializer and the document of the framework forget it once parsed.
/// What is missing, of another kind, given twice or unknown is a fault; reading goes on with a harmless value.
/// </summary>
internal sealed class Json
{
    private readonly PackFolder _folder;
    private readonly string _file;
    private readonly JsonValueKind _kind;
    private readonly Dictionary<string, Json> _members = [];
    private readonly List<Json> _items = [];
    private readonly HashSet<string> _asked = [];
    private string _text = "";
    private double _number;
    private bool _absent;

    private Json(PackFolder folder, string file, int line, JsonValueKind kind) =>
        (_folder, _file, Line, _kind) = (folder, file, line, kind);

    public int Line { get; }

    /// <summary>The file's root object; an empty one, with the fault noted, when the file cannot be parsed.</summary>
    public static Json Read(PackFolder folder, string file)
    {
        var label = folder.Label(file);
        var nothing = new Json(folder, label, 0, JsonValueKind.Object) { _absent = true };
        if (folder.Text(file) is not { } text)
            return nothing;
        var bytes = Encoding.UTF8.GetBytes(text);
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip });
            reader.Read();
            var root = Parse(ref reader, bytes, folder, label);
            reader.Read();
            if (root._kind == JsonValueKind.Object)
                return root;
            root.Fault("must be an object");
        }
        catch (JsonException e)
        {
            folder.Faults.Add(label, (int)(e.LineNumber ?? 0) + 1, "is not JSON from here on");
        }
        return nothing;
    }

    private static Json Parse(ref Utf8JsonReader reader, byte[] bytes, PackFolder folder, string file)
    {
        var line = 1 + bytes.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var map = new Json(folder, file, line, JsonValueKind.Object);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    reader.Read();
                    var value = Parse(ref reader, bytes, folder, file);
                    if (!map._members.TryAdd(name, value))
                        value.Fault($"{name} is given twice");
                }
                return map;
            case JsonTokenType.StartArray:
                var list = new Json(folder, file, line, JsonValueKind.Array);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    list._items.Add(Parse(ref reader, bytes, folder, file));
                return list;
            case JsonTokenType.String:
                return new Json(folder, file, line, JsonValueKind.String) { _text = reader.GetString()! };
            case JsonTokenType.Number:
                return new Json(folder, file, line, JsonValueKind.Number) { _number = reader.GetDouble() };
            case JsonTokenType.True:
            case JsonTokenType.False:
                return new Json(folder, file, line, JsonValueKind.True) { _number = reader.TokenType == JsonTokenType.True ? 1 : 0 };
            default:
                return new Json(folder, file, line, JsonValueKind.Null);
        }
    }

    public void Fault(string message) => _folder.Faults.Add(_file, Line, message);

    public bool Has(string name) => _members.ContainsKey(name);

    public string Text(string name) => Member(name, JsonValueKind.String, "a text")._text is { Length: > 0 } text ? text : Empty(name);

    public bool Flag(string name) => Member(name, JsonValueKind.True, "true or false")._number == 1;

    public int Whole(string name, int least = 0, int most = int.MaxValue, string? why = null)
    {
        var member = Member(name, JsonValueKind.Number, "a whole number");
        if (member._absent)
            return least;
        if (member._number != Math.Truncate(member._number))
            member.Fault($"{name} must be a whole number");
        else if (member._number < least || member._number > most)
            member.Fault(most == int.MaxValue ? $"{name} must be at least {least}{why}" : $"{name} must be from {least} to {most}{why}");
        return (int)Math.Clamp(member._number, least, most);
    }

    public Json Object(string name) => Member(name, JsonValueKind.Object, "an object");

    public IReadOnlyList<Json> Objects(string name)
    {
        var items = Member(name, JsonValueKind.Array, "a list")._items;
        foreach (var item in items.Where(i => i._kind != JsonValueKind.Object))
            item.Fault($"{name} must hold objects only");
        return [.. items.Where(i => i._kind == JsonValueKind.Object)];
    }

    public IReadOnlyList<(string Text, Json At)> Texts(string name)
    {
        var items = Member(name, JsonValueKind.Array, "a list")._items;
        foreach (var item in items.Where(i => i._kind != JsonValueKind.String))
            item.Fault($"{name} must hold texts only");
        return [.. items.Where(i => i._kind == JsonValueKind.String).Select(i => (i._text, i))];
    }

    public IEnumerable<(string Name, string Text, Json At)> Members()
    {
        foreach (var (name, value) in _members)
        {
            _asked.Add(name);
            if (value._kind == JsonValueKind.String)
                yield return (name, value._text, value);
            else
                value.Fault($"{name} must be a text");
        }
    }

    /// <summary>The member for a fault's line, or this object when it is missing.</summary>
    public Json At(string name) => _members.GetValueOrDefault(name) ?? this;

    /// <summary>Faults whatever nobody asked for: a mistyped setting must not be silently ignored.</summary>
    public void Finish()
    {
        foreach (var (name, value) in _members)
        {
            if (!_asked.Contains(name))
                value.Fault($"{name} is not a known setting");
            value.Finish();
        }
        foreach (var item in _items)
            item.Finish();
    }

    private Json Member(string name, JsonValueKind kind, string expected)
    {
        _asked.Add(name);
        if (_members.TryGetValue(name, out var value) && value._kind == kind)
            return value;
        if (value is not null)
            value.Fault($"{name} must be {expected}");
        else if (!_absent)
            Fault($"{name} is missing");
        return new Json(_folder, _file, Line, kind) { _absent = true };
    }

    private string Empty(string name)
    {
        if (_members.TryGetValue(name, out var value) && value._kind == JsonValueKind.String)
            value.Fault($"{name} is empty");
        return "";
    }
}
