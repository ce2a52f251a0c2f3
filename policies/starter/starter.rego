# Allows what settings.rego lists and nothing else.
package outrider

import data.outrider.starter

default allow := false

# Tools: both the call itself and the entry in the list of tools.
allow if {
	input.mcp.method == "tools/call"
	some backend, names in starter.tools
	glob.match(backend, ["/"], input.backend.id)
	some name in names
	glob.match(name, ["/"], input.mcp.name)
}

allow if {
	input.mcp.method in {"resources/read", "resources/subscribe"}
	not starter.is_devious(input.mcp.uri)
	some uri in starter.resources
	glob.match(uri, ["/"], input.mcp.uri)
}

allow if {
	input.mcp.method == "prompts/get"
	some name in starter.prompts
	glob.match(name, ["/"], input.mcp.name)
}

# What belongs to calls that were judged before, or only listens.
allow if input.mcp.method in starter.other_methods

# What a server asks of the client: to run a model, to show its folders.
allow if {
	input.phase == "server_request"
	input.mcp.method in starter.server_requests
}

# What a server asks the user. A form is shown by the client; a URL would send the user somewhere.
allow if {
	input.phase == "server_request"
	input.mcp.method == "elicitation/create"
	object.get(input.arguments, "mode", "form") in starter.elicitation_modes
}
