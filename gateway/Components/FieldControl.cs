using Microsoft.AspNetCore.Components;
using WalkTalk.Gateway.Web;

namespace WalkTalk.Gateway.Components;

/// <summary>What every form control shares: name, label, hint, the value last sent, and its error.</summary>
public abstract class FieldControl : ComponentBase
{
    [CascadingParameter] protected FormState? Form { get; set; }

    /// <summary>The form field's name; the id is made from it and errors find the control by it.</summary>
    [Parameter, EditorRequired] public string Name { get; set; } = "";
    [Parameter] public string? Label { get; set; }
    [Parameter] public string? Hint { get; set; }

    /// <summary>Shown until the form has been sent once; afterwards what she sent is shown.</summary>
    [Parameter] public string? Value { get; set; }

    protected string Id => FormState.IdOf(Name);
    protected string? Error => Form?.ErrorOf(Name);
    protected string? Shown => Form is { Posted: true } && Form.Has(Name) ? Form[Name] : Value;
    protected string? FieldClass => Error is null ? "field" : "field bad";
    protected string? Invalid => Error is null ? null : "true";

    protected string? DescribedBy
    {
        get
        {
            var ids = string.Join(' ', new[] { Hint is null ? null : Id + "-hint", Error is null ? null : Id + "-error" }.Where(id => id is not null));
            return ids.Length == 0 ? null : ids;
        }
    }
}
