-- The tables of RosarioSIS that the worked example reads, with few columns.
CREATE TABLE schools (syear integer, id integer, title text, PRIMARY KEY (id, syear));
CREATE TABLE school_marking_periods (marking_period_id integer, syear integer, mp text, school_id integer,
  parent_id integer, title text, start_date date, end_date date, post_start_date date, post_end_date date);
CREATE TABLE course_subjects (syear integer, school_id integer, subject_id integer, title text);
CREATE TABLE courses (syear integer, course_id integer, subject_id integer, school_id integer, title text, short_name text);
CREATE TABLE course_periods (syear integer, school_id integer, course_period_id integer, course_id integer, title text,
  short_name text, marking_period_id integer, teacher_id integer, secondary_teacher_id integer, room text, total_seats integer);
CREATE TABLE students (student_id integer PRIMARY KEY, last_name text, first_name text, middle_name text, username text);
CREATE TABLE student_enrollment (student_id integer, syear integer, school_id integer, start_date date, end_date date,
  enrollment_code text, drop_code text);
CREATE TABLE staff (staff_id integer PRIMARY KEY, syear integer, last_name text, first_name text, middle_name text,
  username text, email text, profile text, rollover_id integer);
CREATE TABLE schedule (syear integer, student_id integer, course_period_id integer, start_date date, end_date date);
CREATE TABLE student_report_card_grades (id serial PRIMARY KEY, syear integer, school_id integer, student_id integer,
  course_period_id integer, marking_period_id integer, grade_percent numeric(4,1), grade_letter text,
  credit_attempted numeric, credit_earned numeric, course_title text);

INSERT INTO schools VALUES (2024, 1, 'Old School'), (2025, 1, 'Example School');
INSERT INTO school_marking_periods VALUES
  (1, 2025, 'FY', 1, -1, 'Full Year', '2025-08-01', '2026-06-30', NULL, NULL),
  (2, 2025, 'SEM', 1, 1, 'Semester 1', '2025-08-01', '2026-01-31', '2026-01-15', '2026-02-07');
INSERT INTO course_subjects VALUES (2025, 1, 1, 'Mathematics'), (2024, 1, 1, 'Sums');
INSERT INTO courses VALUES (2025, 10, 1, 1, 'Algebra I', 'ALG1'), (2024, 10, 1, 1, 'Algebra', 'ALG');
INSERT INTO staff VALUES (5, 2025, 'Ørsted', 'Åse', NULL, 'aase', 'aase@example.edu', 'teacher', 3),
  (6, 2025, 'Prime', NULL, NULL, 'prime', NULL, 'teacher', NULL), (7, 2025, 'Parent', 'A', NULL, 'pa', NULL, 'parent', NULL);
INSERT INTO course_periods VALUES (2025, 1, 100, 10, 'Algebra I - 1', 'ALG1-1', 2, 5, 6, 'B12', 30);
INSERT INTO students VALUES (17, 'O''Brien', 'Siobhán', 'Q', 'sob'), (18, '王', '小明', NULL, 'wxm'), (19, 'Left', 'Long', NULL, 'll');
INSERT INTO student_enrollment VALUES (17, 2025, 1, '2025-08-01', NULL, '1', NULL), (18, 2025, 1, '2025-08-01', NULL, '1', NULL),
  (19, 2019, 1, '2019-08-01', '2020-06-30', '1', '2');
INSERT INTO schedule VALUES (2025, 17, 100, '2025-08-01', NULL), (2025, 18, 100, '2025-08-01', '2025-09-01');
