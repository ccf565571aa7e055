namespace WalkTalk.Feedback;

/// <summary>
/// The day of a board's row is that of its last step, no finer than that step tells it. Rows of before kept the day on which a woman spoke; a migration
/// makes them coarse. To run it again changes nothing.
/// </summary>
internal static class BoardDays
{
    public const string Postgres = """
        UPDATE board_entry AS e SET changed_on = s.day
        FROM (SELECT b.id, max(CASE WHEN x->>'When' ~ '^[0-9]{4}Q[1-4]$' THEN make_date(left(x->>'When', 4)::int, right(x->>'When', 1)::int * 3 - 2, 1)
                                    WHEN x->>'When' ~ '^[0-9]{4}$' THEN make_date((x->>'When')::int, 1, 1)
                                    ELSE (x->>'When')::date END) AS day
              FROM board_entry AS b CROSS JOIN LATERAL jsonb_array_elements(b.steps::jsonb) AS x
              WHERE x->>'Kind' <> 'review' GROUP BY b.id) AS s
        WHERE s.id = e.id AND e.changed_on <> s.day;
        """;

    public const string Sqlite = """
        UPDATE board_entry SET changed_on = s.day
        FROM (SELECT b.id, max(CASE WHEN json_extract(x.value, '$.When') GLOB '[0-9][0-9][0-9][0-9]Q[1-4]'
                                        THEN printf('%s-%02d-01', substr(json_extract(x.value, '$.When'), 1, 4), substr(json_extract(x.value, '$.When'), 6, 1) * 3 - 2)
                                    WHEN json_extract(x.value, '$.When') GLOB '[0-9][0-9][0-9][0-9]' THEN json_extract(x.value, '$.When') || '-01-01'
                                    ELSE json_extract(x.value, '$.When') END) AS day
              FROM board_entry AS b, json_each(b.steps) AS x
              WHERE json_extract(x.value, '$.Kind') <> 'review' GROUP BY b.id) AS s
        WHERE s.id = board_entry.id AND board_entry.changed_on <> s.day;
        """;
}
