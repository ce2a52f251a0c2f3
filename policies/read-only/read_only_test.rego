package outrider.read_only_test

import data.outrider

call(tool) := {
	"phase": "request",
	"mcp": {"method": "tools/call", "name": "some_tool"},
	"backend": {"id": "notes"},
	"tool": tool,
}

codes contains reason.code if {
	some reason in outrider.deny
	startswith(reason.code, "read_only")
}

test_declared_read_only_tool_passes if {
	codes == set() with input as call({"annotations": {"readOnlyHint": true}})
}

test_writing_tool_is_denied if {
	codes == {"read_only"} with input as call({"annotations": {"readOnlyHint": false}})
}

test_missing_hints_count_as_writing[tool] if {
	some tool in [{}, {"annotations": {}}, {"annotations": {"readOnlyHint": "true"}}, {"annotations": {"title": "x"}}]
	codes == {"read_only"} with input as call(tool)
}

test_unknown_tool_counts_as_writing if {
	codes == {"read_only"} with input as {"mcp": {"method": "tools/call", "name": "x"}, "backend": {"id": "notes"}}
}

test_exception_passes if {
	codes == set() with input as call({}) with data.outrider.read_only.exceptions as {"note*": {"some_*"}}
	codes == {"read_only"} with input as call({}) with data.outrider.read_only.exceptions as {"files": {"*"}}
}

test_open_world_is_denied_when_asked_for if {
	codes == {"read_only_open_world"} with input as call({"annotations": {"readOnlyHint": true}})
		with data.outrider.read_only.closed_world_only as true
	codes == set() with input as call({"annotations": {"readOnlyHint": true, "openWorldHint": false}})
		with data.outrider.read_only.closed_world_only as true
}

test_reading_resources_is_not_its_business if {
	codes == set() with input as {"mcp": {"method": "resources/read", "uri": "x"}, "backend": {"id": "notes"}}
}
