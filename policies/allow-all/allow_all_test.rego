package outrider.allow_all_test

import data.outrider

test_everything_is_allowed if {
	outrider.allow with input as {}
	outrider.allow with input as {"phase": "request", "mcp": {"method": "tools/call", "name": "format_disk"}}
}

test_every_decision_says_that_nothing_is_enforced if {
	some warning in outrider.warn with input as {}
	warning.code == "allow_all"
	outrider.labels.policy == "allow-all" with input as {}
}
