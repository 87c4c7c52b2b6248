-- +goose Up
-- How each line of the outlook stands by the last that was said of it: lists of many places need not read the rest.
CREATE TABLE works_line_now (
  line TEXT NOT NULL PRIMARY KEY REFERENCES works_line (id),
  place TEXT NOT NULL REFERENCES places_place (id),
  since_on TEXT NOT NULL,
  term TEXT NOT NULL,
  state TEXT NOT NULL,
  estimate BIGINT NOT NULL
);
CREATE INDEX works_line_now_since ON works_line_now (since_on);
CREATE INDEX works_line_now_sums ON works_line_now (place, term, state, since_on, estimate);

INSERT INTO works_line_now (line, place, since_on, term, state, estimate)
SELECT l.id, l.place, f.from_on || SUBSTR('-12-31', LENGTH(f.from_on) - 3), f.term, f.state, f.estimate
FROM works_line l JOIN works_line_fact f ON f.line = l.id
WHERE NOT EXISTS (SELECT 1 FROM works_line_fact g WHERE g.line = l.id
    AND (g.from_on || SUBSTR('-12-31', LENGTH(g.from_on) - 3) > f.from_on || SUBSTR('-12-31', LENGTH(f.from_on) - 3)
    OR g.from_on || SUBSTR('-12-31', LENGTH(g.from_on) - 3) = f.from_on || SUBSTR('-12-31', LENGTH(f.from_on) - 3)
      AND g.id > f.id));

-- How each installation stands by its last inspection, with the remark that presses most.
CREATE TABLE works_watch (
  duty TEXT NOT NULL PRIMARY KEY REFERENCES works_duty (id),
  place TEXT NOT NULL REFERENCES places_place (id),
  part TEXT NOT NULL,
  number BIGINT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  bars BIGINT NOT NULL,
  last_on TEXT NOT NULL,
  verdict TEXT NOT NULL,
  valid_until TEXT NOT NULL,
  remarks BIGINT NOT NULL,
  grave BIGINT NOT NULL,
  words TEXT NOT NULL,
  due_on TEXT NOT NULL,
  ended_on TEXT NOT NULL
);
CREATE INDEX works_watch_place ON works_watch (place);

INSERT INTO works_watch (duty, place, part, number, code, title, bars, last_on, verdict, valid_until, remarks, grave,
    words, due_on, ended_on)
SELECT d.id, d.place, COALESCE(d.part, ''), d.number, d.code, d.title, d.bars, COALESCE(i.on_day, ''),
    COALESCE(i.verdict, ''), COALESCE(i.valid_until, ''),
    (SELECT COUNT(*) FROM works_remark m WHERE m.inspection = i.id AND NOT EXISTS (SELECT 1 FROM works_lifting l
    WHERE l.remark = m.id AND NOT EXISTS (SELECT 1 FROM works_reversal v WHERE v.about = l.id))),
    COALESCE((SELECT MAX(m.grave) FROM works_remark m WHERE m.inspection = i.id AND NOT EXISTS (SELECT 1
    FROM works_lifting l WHERE l.remark = m.id AND NOT EXISTS (SELECT 1 FROM works_reversal v WHERE v.about = l.id))), 0),
    COALESCE((SELECT m.words FROM works_remark m WHERE m.inspection = i.id AND NOT EXISTS (SELECT 1
    FROM works_lifting l WHERE l.remark = m.id AND NOT EXISTS (SELECT 1 FROM works_reversal v WHERE v.about = l.id))
    ORDER BY m.grave DESC, CASE WHEN m.due_on = '' THEN '~' ELSE m.due_on END, m.position LIMIT 1), ''),
    COALESCE((SELECT m.due_on FROM works_remark m WHERE m.inspection = i.id AND NOT EXISTS (SELECT 1
    FROM works_lifting l WHERE l.remark = m.id AND NOT EXISTS (SELECT 1 FROM works_reversal v WHERE v.about = l.id))
    ORDER BY m.grave DESC, CASE WHEN m.due_on = '' THEN '~' ELSE m.due_on END, m.position LIMIT 1), ''),
    COALESCE((SELECT e.last_on FROM works_duty_end e WHERE e.duty = d.id), '')
FROM works_duty d LEFT JOIN works_inspection i ON i.id = (SELECT j.id FROM works_inspection j WHERE j.duty = d.id
    AND NOT EXISTS (SELECT 1 FROM works_reversal v WHERE v.about = j.id) ORDER BY j.on_day DESC, j.id DESC LIMIT 1);

-- What lists look for.
CREATE INDEX works_problem_state ON works_problem (state);
CREATE INDEX works_cost_sums ON works_cost (lot, kind, on_day, cents, id);
CREATE INDEX works_loan_back ON works_loan (back_on);
CREATE INDEX works_day_on ON works_day (on_day);
CREATE INDEX works_day_site ON works_day (site);
