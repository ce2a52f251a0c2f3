# Denies every tool that does not declare itself read-only.
package outrider

import data.outrider.read_only

deny contains {"code": "read_only", "msg": msg, "public": true} if {
	input.mcp.method == "tools/call"
	not read_only.is_harmless
	not read_only.is_excepted
	msg := sprintf("%v does not declare itself read-only", [read_only.name])
}

deny contains {"code": "read_only_open_world", "msg": msg, "public": true} if {
	input.mcp.method == "tools/call"
	read_only.closed_world_only
	not read_only.stays_inside
	not read_only.is_excepted
	msg := sprintf("%v may reach beyond its server", [read_only.name])
}
