package outrider.hours

default name := "this"

name := input.mcp.name

is_limited if {
	input.mcp.method == "tools/call"
	some backend, names in tools
	glob.match(backend, ["/"], input.backend.id)
	some name in names
	glob.match(name, ["/"], input.mcp.name)
}

# The time of the call and not of the evaluation, so that a decision can be repeated.
is_open if {
	time.weekday([input.time.ns, zone]) in days
	[hour, minute, _] := time.clock([input.time.ns, zone])
	now := (hour * 60) + minute
	now >= minutes(opens)
	now < minutes(closes)
}

minutes(text) := (to_number(hour) * 60) + to_number(minute) if [hour, minute] := split(text, ":")
