package outrider.sql_test

import data.outrider

is_denied if {
	some reason in outrider.deny
	reason.code == "sql_not_allowed"
}

call(sql) := {
	"phase": "request",
	"mcp": {"method": "tools/call", "name": "query"},
	"backend": {"id": "db"},
	"arguments": {"sql": sql},
}

refused(sql) if is_denied with input as call(sql)

test_reading_passes[sql] if {
	some sql in [
		"SELECT 1",
		"select * from notes where title = 'drop table notes; --'",
		"SELECT \"delete\" FROM `t` WHERE a = 'it''s'",
		"  (select a from b) union (select c from d);",
		"WITH x AS (SELECT 1 AS a) SELECT a FROM x;\n",
		"EXPLAIN SELECT 1",
		"select created_at, updated from notes",
		"select a from t where b = ''",
		"select $1, ?, :name",
	]
	not refused(sql)
}

test_writing_is_refused[sql] if {
	some sql in [
		"DELETE FROM notes",
		"dRoP table notes",
		"insert into notes values (1)",
		"WITH x AS (DELETE FROM notes RETURNING *) SELECT * FROM x",
		"EXPLAIN ANALYZE DELETE FROM notes",
		"select * into copy_of_notes from notes",
		"select * from notes into outfile '/tmp/x'",
		"select * from notes for update",
		"replace into notes values (1)",
		"",
		";",
		"42",
	]
	refused(sql)
}

test_several_statements_are_refused[sql] if {
	some sql in [
		"select 1; select 2",
		"select 1;drop table notes",
		"select ';'; drop table notes",
		"select 1;;",
	]
	refused(sql)
}

test_comments_are_refused[sql] if {
	some sql in [
		"select 1 -- and more",
		"select /* hidden */ 1",
		"select /*!50000 sleep(1) */",
		"select 1 # more",
	]
	refused(sql)
}

test_text_that_databases_read_differently_is_refused[sql] if {
	some sql in [
		`select '\'; drop table notes; --'`,
		"select $$ ' $$; drop table notes; select $$ ' $$",
		"select $a$ ' $a$",
		"select [a'] ; drop table notes; select [b']",
		"select q'[ ' ]' from dual",
		"select 'open",
		"select \"open",
		"select 'a' || 'b",
		"select 1\u0000",
	]
	refused(sql)
}

test_dangerous_functions_are_refused[sql] if {
	some sql in [
		"select pg_read_file('/etc/passwd')",
		"select PG_SLEEP(10)",
		"select load_file ('/etc/passwd')",
	]
	refused(sql)
}

test_odd_arguments_are_refused[arguments] if {
	some arguments in [{}, {"text": "select 1"}, {"sql": 1}, {"sql": ["select 1"]}, {"sql": {"text": "select 1"}}]
	is_denied with input as object.union(object.remove(call(""), {"arguments"}), {"arguments": arguments})
}

test_missing_arguments_are_refused if {
	is_denied with input as object.remove(call(""), {"arguments"})
}

test_long_statement_is_refused if {
	refused(concat("", ["select '", concat("", [word | some _ in numbers.range(1, 4000); word := "abc"]), "'"]))
}

test_other_tools_are_not_guarded if {
	other := {"mcp": {"method": "tools/call", "name": "echo"}, "backend": {"id": "db"}, "arguments": {"sql": "drop"}}
	not is_denied with input as other
}
