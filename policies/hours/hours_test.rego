package outrider.hours_test

import data.outrider

is_denied if {
	some reason in outrider.deny
	reason.code == "outside_hours"
}

at(moment) := {
	"phase": "request",
	"time": {"ns": time.parse_rfc3339_ns(moment)},
	"mcp": {"method": "tools/call", "name": "pay"},
	"backend": {"id": "bank"},
}

refused(request) if is_denied with input as request

test_working_hours_pass[moment] if {
	some moment in [
		"2026-11-20T08:00:00+01:00",
		"2026-11-20T17:59:59+01:00",
		"2026-11-20T07:00:00Z",
		"2026-07-01T06:00:00Z",
	]
	not refused(at(moment))
}

test_other_hours_are_refused[moment] if {
	some moment in [
		"2026-11-20T07:59:59+01:00",
		"2026-11-20T18:00:00+01:00",
		"2026-11-21T12:00:00+01:00",
		"2026-11-22T12:00:00+01:00",
		"2026-07-01T05:59:59Z",
	]
	refused(at(moment))
}

test_unknown_time_is_refused if {
	refused(object.remove(at("2026-11-20T12:00:00Z"), {"time"}))
}

test_only_listed_tools_are_limited if {
	night := at("2026-11-20T03:00:00Z")
	not is_denied with input as night with data.outrider.hours.tools as {"bank": {"transfer_*"}}
	is_denied with input as night with data.outrider.hours.tools as {"bank": {"p*"}}
}

test_reason_names_the_hours if {
	some reason in outrider.deny with input as at("2026-11-20T03:00:00Z")
	reason.code == "outside_hours"
	reason.msg == "pay may be used from 08:00 to 18:00 (Europe/Berlin) only"
}
