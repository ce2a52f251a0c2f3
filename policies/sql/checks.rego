package outrider.sql

is_guarded if {
	input.mcp.method == "tools/call"
	some backend, names in tools
	glob.match(backend, ["/"], input.backend.id)
	some name in names
	glob.match(name, ["/"], input.mcp.name)
}

found contains text if {
	some name in arguments
	text := input.arguments[name]
}

problems contains problem if {
	is_guarded
	some text in found
	some problem in problems_of(text)
}

# A guarded tool without SQL in a known argument takes it from one that is not watched.
problems contains "no statement was given" if {
	is_guarded
	not has_text
}

has_text if count(found) > 0

problems_of(text) := {"it is not text"} if not is_string(text)

problems_of(text) := {problem |
	rest := skeleton(text)
	some problem, holds in {
		"it is too long": count(text) > max_length,
		"it holds a comment": has_comment(rest),
		"it holds a quote or backslash that databases read differently": is_ambiguous(text, rest),
		"a string does not end": has_open_quote(rest),
		"it holds a character that does not belong": has_control(text),
		"it is more than one statement": is_several(rest),
		"its kind is not allowed": is_other_kind(rest),
		"it may change data": changes_data(rest),
		"it calls a function that is not allowed": calls_forbidden(rest),
	}
	holds
} if {
	is_string(text)
}

# The statement without what stands in quotes. Two quotes in a row inside a string are one quote of the string.
skeleton(text) := lower(regex.replace(text, "'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`", " '' "))

has_comment(rest) := regex.match(`--|/\*|\*/|#`, rest)

# A backslash, quotes inside brackets (SQL Server), q-quotes (Oracle), dollar quotes (PostgreSQL): what one database
# takes for text is a statement to another.
default is_ambiguous(_, _) := false

is_ambiguous(text, _) if regex.match("\\\\|\\[[^\\]]*['\"`]|(?i:\\bn?q')", text)

is_ambiguous(_, rest) if regex.match(`\$\w*\$`, rest)

has_open_quote(rest) := regex.match("['\"`]", replace(rest, "''", ""))

has_control(text) := regex.match(`[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]`, text)

is_several(rest) := regex.match(`;\s*\S`, rest)

words(rest) := {word | some word in regex.find_n(`[\p{L}_][\p{L}\p{N}_]*`, rest, -1)}

default is_other_kind(_) := true

is_other_kind(rest) := false if regex.find_all_string_submatch_n(`^[\s(]*([a-z]+)`, rest, 1)[0][1] in kinds

changes_data(rest) := count(words(rest) & changing) > 0

calls_forbidden(rest) := count(words(rest) & functions) > 0
