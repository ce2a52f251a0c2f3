# What the load test may call: stands in for policies/starter/settings.rego.
package outrider.starter

tools := {"*": {"echo"}}

resources := {"example://nothing"}

prompts := {"example_prompt"}

other_methods := {"completion/complete"}

server_requests := {"roots/list"}

elicitation_modes := {"form"}

is_devious(uri) if regex.match(`(?i)\.\.|%2e|%2f|%5c|%25|%00|\\`, uri)
