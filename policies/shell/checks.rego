package outrider.shell

is_guarded if {
	input.mcp.method == "tools/call"
	some backend, names in tools
	glob.match(backend, ["/"], input.backend.id)
	some name in names
	glob.match(name, ["/"], input.mcp.name)
}

found contains command if {
	some name in arguments
	command := input.arguments[name]
}

problems contains problem if {
	is_guarded
	some command in found
	some problem in problems_of(command)
}

problems contains "no command was given" if {
	is_guarded
	not has_command
}

has_command if count(found) > 0

# A command is one text, or a list of a program and its arguments. Both are held to the same characters: whether the
# server puts a list together again for a shell cannot be seen from here.
problems_of(command) := problems_of_words(words) if {
	is_string(command)
	words := [word | some word in split(command, " "); word != ""]
}

problems_of(command) := problems_of_words(command) if is_array(command)

problems_of(command) := {"it is neither text nor a list"} if {
	not is_string(command)
	not is_array(command)
}

problems_of_words(words) := {problem |
	some problem, holds in {
		"it holds a character with a meaning to shells": has_special(words),
		"its program is not allowed": is_other_program(words),
		"this use of the program is not allowed": is_other_use(words),
	}
	holds
}

# Everything but letters, digits and a few marks has a meaning to some shell; so has a word that is no text at all.
has_special(words) := count([word | some word in words; not is_plain(word)]) > 0

is_plain(word) if {
	is_string(word)
	regex.match(`^[\p{L}\p{N}_@%+=:,./-]*$`, word)
}

default is_other_program(_) := true

is_other_program(words) := false if words[0] in object.keys(programs)

# A program with listed uses needs one of them as its first argument; options in front of it are not looked through.
default is_other_use(_) := true

is_other_use(words) := false if count(programs[words[0]]) == 0

is_other_use(words) := false if words[1] in programs[words[0]]
