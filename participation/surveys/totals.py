"""The statements that make totals of single answers. They stand together of constants, and of values given apart:

`questionnaire`, `period` (a month, or None), `start` and `end` (of that month, or None) and `zone`.
"""

COLUMNS = "questionnaire_id, period, question_id, row_id, option_id, value, gender, age_group, governorate, count"
CAST = """
    SELECT id, gender, age_group, governorate, cast_hour FROM surveys_ballot
    WHERE questionnaire_id = %(questionnaire)s
    AND (%(start)s::timestamptz IS NULL OR cast_hour >= %(start)s::timestamptz AND cast_hour < %(end)s::timestamptz)
"""
# What was said is counted once through. How many answered a question follows from it, where a ballot says one thing
# to a question (of a ranking: has one first place) or to a line; only several choices need another look.
TOTALS = f"""
    WITH cast_ones AS ({CAST}),
    said AS MATERIALIZED (
        SELECT question_id, row_id, option_id,
               CASE WHEN number IS NOT NULL THEN trim_scale(number)::text
                    WHEN date IS NOT NULL THEN to_char(date, 'YYYY-MM-DD') ELSE '' END AS value,
               gender, age_group, governorate, count(*) AS count
        FROM cast_ones JOIN surveys_answer ON ballot_id = cast_ones.id
        GROUP BY question_id, row_id, option_id, number, date, gender, age_group, governorate
    ),
    totals AS (
        SELECT NULL::bigint AS question_id, NULL::bigint AS row_id, NULL::bigint AS option_id, '' AS value,
               gender, age_group, governorate, count(*) AS count
        FROM cast_ones GROUP BY gender, age_group, governorate
        UNION ALL
        SELECT * FROM said WHERE option_id IS NOT NULL OR value <> ''
        UNION ALL
        SELECT question_id, row_id, NULL, '', gender, age_group, governorate, sum(count)
        FROM said WHERE row_id IS NOT NULL GROUP BY 1, 2, 5, 6, 7
        UNION ALL
        SELECT question_id, NULL, NULL, '', gender, age_group, governorate, sum(count)
        FROM said JOIN surveys_question question ON question.id = question_id
        WHERE kind NOT IN ('multiple', 'matrix', 'ranking') OR kind = 'ranking' AND value = '1'
        GROUP BY 1, 5, 6, 7
        UNION ALL
        SELECT question_id, NULL, NULL, '', gender, age_group, governorate, count(*)
        FROM (
            SELECT DISTINCT cast_ones.id, question_id, gender, age_group, governorate
            FROM cast_ones JOIN surveys_answer ON ballot_id = cast_ones.id
            JOIN surveys_question question ON question.id = question_id WHERE kind IN ('multiple', 'matrix')
        ) AS once GROUP BY 1, 5, 6, 7
    )
    SELECT %(questionnaire)s::bigint AS questionnaire_id, %(period)s::date AS period, question_id, row_id, option_id,
           value, gender, age_group, governorate, count::int AS count
    FROM totals
"""  # noqa: S608
"""The rows of Tally, as they follow from the single answers."""
STORE = f"INSERT INTO surveys_tally ({COLUMNS}) {TOTALS}"
DAYS = f"""
    INSERT INTO surveys_turnout (questionnaire_id, day, count)
    SELECT %(questionnaire)s, (cast_hour AT TIME ZONE %(zone)s)::date, count(*) FROM ({CAST}) AS cast_ones
    GROUP BY 2
"""  # noqa: S608
"""Stores the rows of Turnout."""


RECOUNT = f"""
    WITH found AS ({TOTALS}),
    counted AS (
        SELECT {COLUMNS} FROM surveys_tally
        WHERE questionnaire_id = %(questionnaire)s AND period IS NOT DISTINCT FROM %(period)s::date
    )
    SELECT period, question_id, row_id, option_id, value, gender, age_group, governorate,
           coalesce(sum(was), 0)::int, coalesce(sum(is_now), 0)::int
    FROM (
        SELECT period, question_id, row_id, option_id, value, gender, age_group, governorate, count AS was, 0 AS is_now
        FROM counted
        UNION ALL
        SELECT period, question_id, row_id, option_id, value, gender, age_group, governorate, 0, count FROM found
    ) AS both_sides
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 HAVING sum(was) <> sum(is_now) ORDER BY 1, 2 NULLS FIRST, 3, 4, 5
"""  # noqa: S608
"""Where stored totals and single answers differ."""
