# What `outrider demo` runs. Small enough to read before it runs.
package outrider

# Nothing is allowed unless a rule says so.
default allow := false

allow if input.mcp.name in {"echo", "read_note", "slow"}

# A transfer is allowed, but not of any amount: the rule below sees to that.
allow if input.mcp.name == "transfer"

# A deny always wins. `public` means that the caller may read the message.
deny contains {"code": "read_only", "msg": "notes cannot be deleted here", "public": true} if {
	input.mcp.name == "delete_note"
}

deny contains {"code": "amount_limit", "msg": msg, "public": true} if {
	input.mcp.name == "transfer"
	not is_small
	msg := sprintf("a transfer of %v is above the limit of %v", [amount, max_amount])
}

max_amount := 100

default amount := "unknown size"

amount := input.arguments.amount

# Asking for a small number, not against a large one: text, or no amount at all, is not small either.
is_small if {
	is_number(amount)
	amount > 0
	amount <= max_amount
}

# Notes may be read, without the e-mail addresses in them.
obligations contains {"type": "redact", "target": "response", "detectors": ["email"]} if {
	input.mcp.name == "read_note"
}
