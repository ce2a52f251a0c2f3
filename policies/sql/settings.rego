# Settings of the SQL policy.
package outrider.sql

# backend -> tools that take SQL. Both are globs.
tools := {"*": {"query", "execute_sql", "run_sql"}}

# Names of the arguments that hold SQL.
arguments := {"query", "sql", "statement"}

# First words a statement may have.
kinds := {"select", "with", "explain", "show", "values"}

# Words that no statement may hold outside quotes.
changing := {
	"alter", "analyze", "attach", "call", "commit", "copy", "create", "deallocate", "delete", "detach", "do", "drop",
	"exec", "execute", "grant", "handler", "insert", "into", "load", "lock", "merge", "pragma", "prepare", "refresh",
	"reindex", "rename", "reset", "revoke", "rollback", "savepoint", "set", "shutdown", "truncate", "update", "vacuum",
}

# Functions that reach files, other servers, or hold up the database.
functions := {
	"benchmark", "dblink", "dblink_exec", "extractvalue", "fts3_tokenizer", "load_extension", "load_file", "lo_export",
	"lo_import", "opendatasource", "openquery", "openrowset", "pg_ls_dir", "pg_read_binary_file", "pg_read_file",
	"pg_sleep", "pg_terminate_backend", "query_to_xml", "randomblob", "readfile", "sleep", "sys_eval", "sys_exec",
	"updatexml", "utl_file", "utl_http", "waitfor", "writefile", "xp_cmdshell",
}

# Longer statements are refused, in characters.
max_length := 10000
