package outrider.paths

is_guarded if {
	some backend in backends
	glob.match(backend, ["/"], input.backend.id)
}

# Every string at or below an argument that holds paths, however deep it lies: {"path": "/a"}, {"paths": ["/a", "/b"]},
# {"edits": [{"path": "/a"}]}.
found contains path if {
	input.mcp.method == "tools/call"
	walk(input.arguments, [at, path])
	is_string(path)
	some key in at
	key in arguments
}

# The path of a file URI. Other URIs are refused below, for they begin with no slash.
found contains trim_prefix(input.mcp.uri, "file://") if {
	input.mcp.method in {"resources/read", "resources/subscribe"}
}

problems contains problem if {
	is_guarded
	some path in found
	some problem in problems_of(path)
}

# A tool that is known to take paths and got none would choose a folder by itself.
problems contains "no path was given" if {
	is_guarded
	input.mcp.method == "tools/call"
	some tool in needs_path
	glob.match(tool, ["/"], input.mcp.name)
	not has_path
}

has_path if count(found) > 0

# Why a path is refused; more than one reason may apply.
problems_of(path) := {problem |
	some problem, holds in {
		"it holds a control character": has_control(path),
		"it holds a backslash": contains(path, `\`),
		"it is not absolute": not_absolute(path),
		"it has a step upwards": has_step_up(path),
		"it is encoded in a way that hides where it leads": is_devious(path),
		"it is outside the allowed folders": is_outside(path),
	}
	holds
}

has_control(path) := regex.match(`[\x00-\x1f\x7f]`, path)

not_absolute(path) := startswith(path, "/") == false

has_step_up(path) := ".." in split(path, "/")

# Percent escapes are decoded once. What then still holds an escape, leads elsewhere than before, or holds one of the
# wide characters that some servers turn into dots and slashes, is refused.
default is_devious(_) := false

is_devious(path) if regex.match(`[\x{2024}-\x{2026}\x{2044}\x{2215}\x{29f8}\x{fe68}\x{ff0e}\x{ff0f}\x{ff3c}]`, path)

is_devious(path) if {
	contains(path, "%")
	not is_plain_when_decoded(path)
}

is_plain_when_decoded(path) if {
	not regex.match(`%([^0-9a-fA-F]|.[^0-9a-fA-F]|.?$)`, path)
	decoded := urlquery.decode(replace(path, "+", "%2B"))
	not contains(decoded, "%")
	not has_control(decoded)
	not contains(decoded, `\`)
	count(split(decoded, "/")) == count(split(path, "/"))
	not has_step_up(decoded)
	not is_outside(decoded)
}

default is_outside(_) := true

is_outside(path) := false if {
	parts := segments(path)
	some root in roots
	wanted := segments(root)
	array.slice(parts, 0, count(wanted)) == wanted
}

# "/srv//data/./x" and "/srv/data/x" are one path.
segments(path) := [part |
	some part in split(path, "/")
	not part in {"", "."}
]
