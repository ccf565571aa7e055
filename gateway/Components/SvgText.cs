using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace WalkTalk.Gateway.Components;

/// <summary>Text in a drawing. A component, because Razor keeps the bare text tag for itself.</summary>
public sealed class SvgText : ComponentBase
{
    [Parameter, EditorRequired] public string X { get; set; } = "";
    [Parameter, EditorRequired] public string Y { get; set; } = "";
    [Parameter] public string? Class { get; set; }

    /// <summary>start, middle or end.</summary>
    [Parameter] public string? Anchor { get; set; }
    [Parameter] public string? Size { get; set; }
    [Parameter, EditorRequired] public string? Value { get; set; }

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "class", Class);
        builder.AddAttribute(2, "x", X);
        builder.AddAttribute(3, "y", Y);
        builder.AddAttribute(4, "text-anchor", Anchor);
        builder.AddAttribute(5, "font-size", Size);
        builder.AddContent(6, Value);
        builder.CloseElement();
    }
}
