package outrider.demo_test

import data.outrider

call(tool, arguments) := {
	"phase": "request",
	"mcp": {"method": "tools/call", "name": tool},
	"arguments": arguments,
}

codes contains reason.code if some reason in outrider.deny

test_harmless_tools_are_allowed[tool] if {
	some tool in ["echo", "read_note", "slow"]
	outrider.allow with input as call(tool, {})
	count(codes) == 0 with input as call(tool, {})
}

test_unknown_tools_are_not_allowed if {
	not outrider.allow with input as call("format_disk", {})
}

test_deleting_is_denied_with_a_public_reason if {
	outrider.deny == {{"code": "read_only", "msg": "notes cannot be deleted here", "public": true}} with input as call(
		"delete_note",
		{"id": 1},
	)
}

test_small_transfer_is_allowed if {
	outrider.allow with input as call("transfer", {"amount": 100})
	count(codes) == 0 with input as call("transfer", {"amount": 100})
}

test_large_transfer_is_denied_with_the_amount if {
	some reason in outrider.deny with input as call("transfer", {"amount": 250})
	reason.code == "amount_limit"
	reason.msg == "a transfer of 250 is above the limit of 100"
}

test_odd_amounts_are_denied[amount] if {
	some amount in ["100", -5, 0, null, [1], {"n": 1}]
	codes == {"amount_limit"} with input as call("transfer", {"amount": amount})
}

test_missing_amount_is_denied if {
	codes == {"amount_limit"} with input as call("transfer", {})
	codes == {"amount_limit"} with input as {"phase": "request", "mcp": {"method": "tools/call", "name": "transfer"}}
}

test_email_is_redacted_only_where_notes_are_read if {
	some duty in outrider.obligations with input as call("read_note", {"id": 1})
	duty.detectors == ["email"]
	count(outrider.obligations) == 0 with input as call("echo", {})
}
