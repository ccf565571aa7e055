namespace WalkTalk.Gateway.Components;

/// <summary>The state of a concern as a lamp. Only <see cref="WomenSayDone"/> is lit.</summary>
public enum Lamp
{
    Asked,
    InHand,
    WeSayDone,
    WomenSayDone,
    WomenSayNotDone,
    NotDone,
}

/// <summary>How a lamp is drawn and said.</summary>
public static class Lamps
{
    public static string Icon(this Lamp lamp) => lamp switch
    {
        Lamp.Asked => "l0",
        Lamp.InHand => "l1",
        Lamp.WeSayDone => "l2",
        Lamp.WomenSayDone => "l3",
        Lamp.WomenSayNotDone => "ld",
        _ => "lx",
    };

    /// <summary>The words beside the lamp, a key of the shared texts.</summary>
    public static string Words(this Lamp lamp) => lamp switch
    {
        Lamp.Asked => "Asked",
        Lamp.InHand => "In hand",
        Lamp.WeSayDone => "We say done",
        Lamp.WomenSayDone => "Women say done",
        Lamp.WomenSayNotDone => "Women say not done",
        _ => "Not done, and why",
    };
}
