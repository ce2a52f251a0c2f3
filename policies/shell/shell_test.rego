package outrider.shell_test

import data.outrider

is_denied if {
	some reason in outrider.deny
	reason.code == "command_not_allowed"
}

call(command) := {
	"phase": "request",
	"mcp": {"method": "tools/call", "name": "run_command"},
	"backend": {"id": "host"},
	"arguments": {"command": command},
}

programs := {"ls": set(), "cat": set(), "git": {"status", "log", "diff"}}

refused(command) if {
	is_denied with input as call(command) with data.outrider.shell.programs as programs
}

test_plain_commands_pass[command] if {
	some command in [
		"ls",
		"ls -la /srv/data",
		"  cat   notes.txt ",
		"git status",
		"git log --oneline -5",
		["ls", "-l"],
		["git", "diff", "HEAD"],
		"cat über.txt",
	]
	not refused(command)
}

test_other_programs_are_refused[command] if {
	some command in ["rm -rf /", "/tmp/ls", "./ls", "LS", "", " ", [], ["rm"], "PATH=/tmp ls", "git", "git push", "git -c x=y log"]
	refused(command)
}

test_characters_with_a_meaning_are_refused[command] if {
	some command in [
		"ls; rm -rf /",
		"ls && rm x",
		"ls | sh",
		"ls > /etc/passwd",
		"cat $(id)",
		"cat `id`",
		"cat $HOME",
		"cat ${HOME}",
		"ls\nrm x",
		"ls\trm",
		"ls &",
		"cat 'a'",
		"cat \"a\"",
		`cat a\ b`,
		"ls *",
		"ls ?",
		"ls {a,b}",
		"ls ~",
		"ls !1",
		"ls #x",
		"cat <(id)",
		"ls \u0000",
		["ls", "; rm -rf /"],
		["ls", "a\nb"],
		["cat", 7],
	]
	refused(command)
}

test_odd_arguments_are_refused[arguments] if {
	some arguments in [{}, {"text": "ls"}, {"command": {"run": "ls"}}, {"command": null}, {"command": true}]
	is_denied with input as object.union(object.remove(call(""), {"arguments"}), {"arguments": arguments})
		with data.outrider.shell.programs as programs
}

test_missing_arguments_are_refused if {
	is_denied with input as object.remove(call(""), {"arguments"})
		with data.outrider.shell.programs as programs
}

test_nothing_else_passes_before_settings_are_edited if {
	is_denied with input as call("ls")
}

test_other_tools_are_not_guarded if {
	other := {"mcp": {"method": "tools/call", "name": "echo"}, "backend": {"id": "host"}, "arguments": {"command": "rm"}}
	not is_denied with input as other
}
