namespace WalkTalk.Feedback.Demo;

/// <summary>What is said of one kind of concern in the demonstration: by women, then by the force. One sentence a line.</summary>
/// <param name="Code">The code of D1.</param>
/// <param name="Weight">How often it is told; D1's counts of Norfolk's StreetSafe, the rest by judgement.</param>
internal sealed record DemoKind(string Code, int Weight)
{
    public required string Said { get; init; }
    public string Change { get; init; } = "";
    /// <summary>What was asked, as the public reads it.</summary>
    public required string Asked { get; init; }
    /// <summary>Who does what; {0} is the date.</summary>
    public required string Promise { get; init; }
    public required string Done { get; init; }
    public required string Action { get; init; }
    public required string Body { get; init; }
    public required string Role { get; init; }
    public required string FourP { get; init; }
    public required string NoReason { get; init; }
    public required string No { get; init; }

    public static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>The invented words of the demonstration. Plain, short, and nobody in them is blamed or told to change.</summary>
internal static class DemoWords
{
    public const string Conduct = "The officer at the desk laughed when I told it and wrote nothing down.";
    public const string ConductAndCrime = "A police officer in uniform grabbed me by the arm at the corner and would not let me go.";
    public const string PassedOn = "The bus shelter is unlit and its display does not work. Please mend both and tell us the day.";
    public const string WhyPassedOn = "Transport for London looks after the shelter. We passed it on and ask them how it stands.";
    public const string PartnerSays = "Inspected. Parts for the light are ordered.";

    public static readonly string[] Landmarks =
    [
        "the steps by the station", "the path behind the library", "the corner by the launderette", "the bus stop outside the school", "the footpath along the railway",
        "the passage beside the market", "the garden gate", "the bridge over the tracks", "the car park entrance", "the green by the flats", "the underpass",
        "the side of the leisure centre", "the row of garages", "the crossing by the bakery", "the back of the parade of shops", "the playground fence",
        "the lane to the health centre", "the courtyard between the blocks", "the church railings", "the cycle stands", "the last stretch before the estate", "the ramp to the platform",
    ];

    public static readonly string[] Questions =
    [
        "Which side of the path do you mean?", "Is it the lamp at the top or at the bottom of the steps?", "Do you remember on which days it is worst?",
        "Is it before or after the shops close?", "Did you see which way the camera points?",
    ];

    public static readonly string[] SafePlaces =
    [
        "The café stays open until ten and its light falls on the pavement.", "There are always people at this stop.", "The new lamps make the whole path visible.",
        "The staff at the station look up and say good evening.", "The hedge was cut and I can see the road again.", "Families use the square until late.",
        "The shopkeeper keeps an eye on the corner.", "The crossing was moved and I no longer wait in the dark.", "The windows of the library look onto the path.",
        "The market people know everybody.", "The gate is open again, so there are two ways out.", "It is lit, clean and busy.",
    ];

    public static readonly DemoKind[] Kinds =
    [
        new("ENV-LIGHT-OUT", 160)
        {
            Said = """
                The lamp at the steps is out.
                Two lamps in a row have been dark for weeks.
                The light flickers and then goes off.
                I cannot see who stands there until I am beside them.
                The lamp is on by day and off at night.
                The light over the gate has not worked since the storm.
                It goes black halfway along.
                Three of the five lamps are broken.
                The lamp hums and stays dark.
                One side has light and the other has none.
                """,
            Change = "Mend the lamp.\nMend it, and look at the others too.\nCheck the lamps once a month.",
            Asked = "Women said a lamp is out and they cannot see who stands there.\nWomen said the light has been broken for weeks.",
            Promise = "Council street lighting will repair it by {0}.\nCouncil street lighting will fit a new lamp by {0}.",
            Done = "New lamp fitted. Photo kept.\nCable mended, lamp on. Checked after dark.",
            Action = "REPAIR", Body = "LA", Role = "Council street lighting", FourP = "protect",
            NoReason = "NA-NOTFOUND", No = "We went there on two evenings and every lamp was on. We look again on the review date.",
        },
        new("ENV-LIGHT-LOW", 108)
        {
            Said = """
                It is too dark by design. The lamps stand too far apart.
                The trees stand between the lamp and the path.
                The light is orange and weak and shows no faces.
                There is one lamp for the whole length.
                The lamps point at the road and leave the pavement dark.
                The light goes off at midnight, when the late shift ends.
                It is bright at the ends and black in the middle.
                """,
            Change = "Lamps closer together.\nLight at the height of a person.\nLeave the lamps on all night.",
            Asked = "Women said the path is too dark between the lamps.\nWomen said the light leaves the pavement dark.",
            Promise = "Council street lighting will add lamps by {0}.\nCouncil street lighting will turn the lamps to the path and keep them on all night from {0}.",
            Done = "Two lamps added. Measured after dark.\nLamps turned to the path; they stay on all night.",
            Action = "LIGHT", Body = "LA", Role = "Council street lighting", FourP = "protect",
            NoReason = "NA-COST", No = "New posts cost more than this year's lighting budget has left. They are on the list for next year.",
        },
        new("ENV-CCTV", 208)
        {
            Said = """
                There is no camera anywhere along here.
                The camera points at the wall.
                The camera has hung down since the summer.
                The sign says there is a camera. There is none.
                Nobody sees this corner, neither window nor camera.
                The camera covers the car park and leaves out the path.
                The lens is covered with spray paint.
                A help point would do more for me than a camera.
                """,
            Change = "A camera that somebody watches.\nTurn the camera to the path.\nA help point with a voice.",
            Asked = "Women asked for a camera in the passage.\nWomen said the camera does not cover the path.",
            Promise = "The council camera team will turn it to the path by {0}.\nThe council camera team will put up a camera by {0}.",
            Done = "Camera turned to the path and tested.\nCamera put up; the control room sees the passage.",
            Action = "CCTV", Body = "LA", Role = "Council camera team", FourP = "protect",
            NoReason = "NA-NOPOWER", No = "The passage belongs to the railway. We asked its owner for better light and published the letter.",
        },
        new("ENV-VEG", 84)
        {
            Said = """
                The hedge hides the path from the road.
                Branches hang so low that the lamp lights only leaves.
                The bushes have grown over half the pavement.
                I cannot see round the bend for the ivy.
                The hedge is taller than I am.
                Nettles leave one narrow line to walk on.
                """,
            Change = "Cut the hedge to the height of my chest.\nCut it each spring.",
            Asked = "Women said the hedge hides the path from the road.\nWomen said branches cover the lamp.",
            Promise = "Council parks will cut the hedge by {0}.\nCouncil parks will clear the branches round the lamp by {0}.",
            Done = "Hedge cut to one metre along the whole path.\nBranches cleared; the light reaches the ground.",
            Action = "CUT", Body = "LA", Role = "Council parks", FourP = "protect",
            NoReason = "NA-CONFLICT", No = "Birds nest in this hedge. It is cut as soon as the season is over.",
        },
        new("ENV-SIGHT", 50)
        {
            Said = """
                The wall makes a corner nobody can see into.
                The bins stand so that a person fits behind them.
                You turn the corner blind.
                There is a doorway nobody uses and no light in it.
                The pillars hide whoever stands there.
                """,
            Change = "A mirror at the corner.\nMove the bins.",
            Asked = "Women said a corner hides whoever stands there.",
            Promise = "The council will move the bins and put up a mirror by {0}.\nThe landlord will close the unused doorway by {0}.",
            Done = "Bins moved, mirror up.\nDoorway closed and lit.",
            Action = "DESIGN", Body = "LA", Role = "Council public realm", FourP = "prevent",
            NoReason = "NA-CONFLICT", No = "The wall is listed and may not be opened. We light the corner instead of changing it.",
        },
        new("ENV-LAYOUT", 106)
        {
            Said = """
                Once you are in there is no way out until the end.
                The underpass bends twice and you see nobody coming.
                The alley is the only way to the stop.
                The gate is locked at six and the path becomes a dead end.
                The railings leave no gap for a hundred metres.
                The stairs end in a yard with one exit.
                """,
            Change = "A second way out.\nLeave the gate open until the last train.\nA crossing above ground.",
            Asked = "Women said there is no way out of the path until its end.\nWomen asked for the gate to stay open in the evening.",
            Promise = "The council will keep the gate open until the last train from {0}.\nThe council will open a gap in the railings by {0}.",
            Done = "The gate is open until the last train.\nGap opened, with a lamp beside it.",
            Action = "DESIGN", Body = "LA", Role = "Council public realm", FourP = "prevent",
            NoReason = "NA-COST", No = "A crossing above ground is not in this year's plan. The council decides on next year's plan before the review date.",
        },
        new("ENV-ISOL", 106)
        {
            Said = """
                After seven there is nobody here at all.
                The offices are empty and no window is lit.
                Half the shops are shut and the shutters are down.
                There is nobody I could call to.
                The building has stood empty for a year.
                It is a long way with no door on either side.
                """,
            Change = "Something that is open in the evening.\nA patrol that really passes.",
            Asked = "Women said there is nobody about in the evening.\nWomen said the empty buildings leave the street to itself.",
            Promise = "The neighbourhood team will pass on foot three evenings a week until {0}.\nThe council will let the empty unit as a late café by {0}.",
            Done = "Patrols kept, three evenings a week. They go on.\nThe unit is let and open until ten.",
            Action = "PATROL", Body = "POL", Role = "Neighbourhood team", FourP = "protect",
            NoReason = "NA-NOPOWER", No = "The building is private. We wrote to its owner, who answers by the review date.",
        },
        new("ENV-DECAY", 92)
        {
            Said = """
                There is an abandoned car with no windows.
                Rubbish is tipped here every week.
                The wall is covered in paint that says ugly things about women.
                It smells and nobody cleans it.
                The bench is burnt and the bin is gone.
                Mattresses block the pavement.
                """,
            Change = "Clean it, and keep it clean.\nTake the car away.",
            Asked = "Women said the place is neglected and nobody comes to clean it.\nWomen said an abandoned car has stood there for weeks.",
            Promise = "Council cleansing will clear it by {0} and come each week.\nThe council will take the car away by {0}.",
            Done = "Cleared. The crew comes each Tuesday.\nCar taken away.",
            Action = "REPAIR", Body = "LA", Role = "Council cleansing", FourP = "prevent",
            NoReason = "NA-DONE-BEFORE", No = "It was cleared in the week before this was told. We look again on the review date.",
        },
        new("ENV-PATH", 26)
        {
            Said = """
                The pavement is broken and my chair does not get through.
                The ramp is blocked by scooters.
                There are only steps, so I am sent round by the dark side.
                """,
            Change = "A way without steps on the lit side.",
            Asked = "Women said there is no step-free way on the lit side.",
            Promise = "Council highways will mend the ramp by {0}.",
            Done = "Ramp mended and clear.",
            Action = "REPAIR", Body = "LA", Role = "Council highways", FourP = "protect",
            NoReason = "NA-COST", No = "A new ramp is planned with the rebuilding of the square.",
        },
        new("ENV-WORKS", 18)
        {
            Said = """
                The hoarding leaves a narrow tunnel with no light.
                The diversion leads everybody down the alley.
                """,
            Change = "Lamps on the hoarding.",
            Asked = "Women said the hoarding makes a dark tunnel.",
            Promise = "The builder will light the walkway by {0}.",
            Done = "Lamps along the hoarding, on from dusk.",
            Action = "LIGHT", Body = "LAND", Role = "Site manager", FourP = "protect",
            NoReason = "NA-DONE-BEFORE", No = "The works have ended and the hoarding is gone.",
        },
        new("TRN-STOP", 44)
        {
            Said = """
                The shelter has no light and I wait in the dark.
                The display is broken, so I never know how long I stand there.
                The stop is on the empty side of the road.
                The station is unstaffed after eight.
                """,
            Change = "Light in the shelter.\nA display that works.",
            Asked = "Women said the bus shelter is dark and the display is broken.",
            Promise = "Transport for London will mend light and display by {0}.",
            Done = "Light and display work. Checked after dark.",
            Action = "TRANSPORT", Body = "TFL", Role = "TfL bus infrastructure", FourP = "protect",
            NoReason = "NA-COST", No = "Staff until the last train are not in this year's plan. The operator decides again before the review date.",
        },
        new("TRN-LAST", 20)
        {
            Said = """
                The bus stops at the top of the hill and the last part is unlit.
                The night bus turns before the estate.
                """,
            Change = "Let the night bus stop between stops.",
            Asked = "Women asked for the night bus to stop nearer to the estate.",
            Promise = "Transport for London will try stops on request after ten, from {0}.",
            Done = "Stops on request after ten are running.",
            Action = "TRANSPORT", Body = "TFL", Role = "TfL bus planning", FourP = "protect",
            NoReason = "NA-COST", No = "The longer route was costed and is not affordable this year.",
        },
        new("VEN-DOOR", 20)
        {
            Said = """
                The crowd outside the bar fills the pavement and nobody makes room.
                Door staff look away when people shout.
                """,
            Change = "Door staff who keep the pavement free.",
            Asked = "Women said the pavement outside a venue is blocked late at night.",
            Promise = "The licensing team will make a free pavement a condition by {0}.",
            Done = "Condition in force; door staff keep the pavement free.",
            Action = "LICENSING", Body = "BID", Role = "Licensing team", FourP = "prevent",
            NoReason = "NA-NOTFOUND", No = "Licensing officers came on three weekends and found the pavement free.",
        },
        new("BEH-GROUP", 34)
        {
            Said = """
                A group stands across the path and does not move.
                There are always men at the exit, drinking and calling out.
                They take up the whole stairway.
                """,
            Change = "Somebody from the council who is there in the evening.",
            Asked = "Women said a group blocks the way in the evening.",
            Promise = "The neighbourhood team will be there four evenings a week until {0}.",
            Done = "Four evenings a week kept. The stairway was free on the last twelve.",
            Action = "PATROL", Body = "POL", Role = "Neighbourhood team", FourP = "prevent",
            NoReason = "NA-NOTFOUND", No = "Officers came on ten evenings and met no group. We go back before the review date.",
        },
        new("POL-ABSENT", 18)
        {
            Said = """
                I have never seen an officer on this street after dark.
                The promised patrol did not come.
                """,
            Asked = "Women said they never see police here after dark.",
            Promise = "The neighbourhood team will walk here on Friday and Saturday until {0}.",
            Done = "Walks kept on every Friday and Saturday.",
            Action = "PATROL", Body = "POL", Role = "Neighbourhood team", FourP = "protect",
            NoReason = "NA-COST", No = "There are no more hours this quarter. The rota is made again before the review date.",
        },
        new("SVC-WALK", 8)
        {
            Said = "There was no walk after nine.\nThe walk was good. I would like one that begins at work.",
            Asked = "Women asked for later walks.",
            Promise = "The coordinator will plan two walks a week after nine, from {0}.",
            Done = "Two walks a week after nine are planned.",
            Action = "PATROL", Body = "coordinator", Role = "Walk coordinator", FourP = "prepare",
            NoReason = "NA-COST", No = "There are no officers free at that hour. The rota is made again before the review date.",
        },
        new("ENV-SUBST", 181)
        {
            Said = """
                There are needles on the steps.
                People smoke something strong in the stairwell and stare.
                Bottles and foil lie along the path each morning.
                Drinking starts at noon and the shouting at six.
                The doorway is used for it every night.
                """,
            Asked = "Women said drugs and drinking make the place hard to pass.",
            Promise = "The neighbourhood team will be there on foot until {0}; outreach workers come with them.\nCouncil cleansing will clear it daily until {0}.",
            Done = "Patrols and outreach kept for eight weeks.\nCleared daily; the sharps bin is in place.",
            Action = "PATROL", Body = "POL", Role = "Neighbourhood team", FourP = "pursue",
            NoReason = "NA-SAFEGUARD", No = "We cannot say more in public without putting somebody at risk. We tell what we can on the review date.",
        },
        new("BEH-VERBAL-G", 148)
        {
            Said = """
                Four of them shouted things about my body.
                They call out every time a woman passes.
                A group laughed and made noises until I was round the corner.
                They said what they would like to do.
                They shouted after me and my daughter.
                """,
            Asked = "Women said a group shouts at those who pass in the evening.",
            Promise = "The neighbourhood team will be there in plain clothes, four evenings a week, until {0}.",
            Done = "Four evenings a week kept. Six men were stopped and dealt with.",
            Action = "PLAINCLOTHES-OP", Body = "POL", Role = "Neighbourhood team", FourP = "pursue",
            NoReason = "NA-NOTFOUND", No = "Officers in plain clothes came on twelve evenings and heard nothing. We go back before the review date.",
        },
        new("BEH-FOLLOW", 135)
        {
            Said = """
                A man followed me from the stop to my door.
                Somebody walked behind me and crossed whenever I crossed.
                He got off at my stop and came the same way, twice.
                I heard steps and when I stopped they stopped.
                A car drove beside me at walking pace.
                """,
            Asked = "Women said they were followed from the stop.",
            Promise = "Officers in plain clothes will ride the route and walk from the stop until {0}.",
            Done = "The route was covered on twenty evenings. One man was arrested.",
            Action = "PLAINCLOTHES-OP", Body = "POL", Role = "Neighbourhood team", FourP = "pursue",
            NoReason = "NA-SAFEGUARD", No = "We cannot say more in public without putting somebody at risk. We tell what we can on the review date.",
        },
        new("BEH-STARE", 45)
        {
            Said = """
                He stood too close and would not go away.
                A man stared at me the whole way and moved when I moved.
                He asked my name again and again.
                """,
            Asked = "Women said men approach them and do not leave them alone.",
            Promise = "The neighbourhood team will be there in plain clothes until {0}.",
            Done = "Evenings kept. Two men were warned in writing.",
            Action = "PLAINCLOTHES-OP", Body = "POL", Role = "Neighbourhood team", FourP = "pursue",
            NoReason = "NA-NOTFOUND", No = "Officers came on eight evenings and met nobody. We go back before the review date.",
        },
        new("BEH-KERB", 30)
        {
            Said = "A van slowed down and they shouted from it.\nA car stopped and somebody told me to get in.",
            Asked = "Women said they are shouted at from vehicles.",
            Promise = "The roads team will stop and check vehicles here until {0}.",
            Done = "Checks on ten evenings. Three drivers were dealt with.",
            Action = "OFFENDER", Body = "POL", Role = "Roads team", FourP = "pursue",
            NoReason = "NA-NOTFOUND", No = "The checks found no such vehicle. We repeat them before the review date.",
        },
        new("BEH-VERBAL-1", 98)
        {
            Said = """
                The same man says something each morning.
                He called me names because I did not answer.
                A man on the bench comments on every woman who passes.
                He shouted and came closer.
                """,
            Asked = "Women said one man makes remarks to everybody who passes.",
            Promise = "The neighbourhood team will speak to him and be there until {0}.",
            Done = "He was found and dealt with. Officers looked in for four weeks.",
            Action = "OFFENDER", Body = "POL", Role = "Neighbourhood team", FourP = "pursue",
            NoReason = "NA-NOTFOUND", No = "Officers came at that hour for two weeks and did not meet him. We go back before the review date.",
        },
        new("BEH-FILM", 14)
        {
            Said = "He held his telephone under the stairs as I went up.\nSomebody filmed me on the platform and laughed.",
            Asked = "Women said they were filmed on the stairs.",
            Promise = "The transport police will be on the stairs in plain clothes until {0}.",
            Done = "The stairs were covered on fifteen evenings. One man was charged.",
            Action = "PLAINCLOTHES-OP", Body = "BTP", Role = "British Transport Police", FourP = "pursue",
            NoReason = "NA-SAFEGUARD", No = "We cannot say more in public without putting somebody at risk. We tell what we can on the review date.",
        },
        new("BEH-EXPOSE", 12)
        {
            Said = "A man exposed himself by the fence.\nHe stood in the bushes with his trousers open.",
            Asked = "Women said a man exposed himself.",
            Promise = "Officers in plain clothes will be in the park until {0}.",
            Done = "The park was covered on twenty days. One man was charged.",
            Action = "OFFENDER", Body = "POL", Role = "Neighbourhood team", FourP = "pursue",
            NoReason = "NA-SAFEGUARD", No = "We cannot say more in public without putting somebody at risk. We tell what we can on the review date.",
        },
    ];
}
