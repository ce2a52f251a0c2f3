# Allows what the caller's roles are granted in settings.rego.
package outrider

import data.outrider.roles

allow if {
	input.mcp.method == "tools/call"
	some grant in roles.granted
	glob.match(grant.tool, ["/"], input.mcp.name)
}

allow if {
	input.mcp.method in {"resources/read", "resources/subscribe"}
	not roles.is_devious(input.mcp.uri)
	some grant in roles.granted
	glob.match(grant.resource, ["/"], input.mcp.uri)
}

allow if {
	input.mcp.method == "prompts/get"
	some grant in roles.granted
	glob.match(grant.prompt, ["/"], input.mcp.name)
}
