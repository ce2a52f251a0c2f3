package outrider.read_only

default name := "the tool"

name := input.mcp.name

# Hints come from the server and are only as honest as it is. A missing hint, or one that is not a boolean, counts as
# the worst case, as the MCP specification has it.
is_harmless if input.tool.annotations.readOnlyHint == true

stays_inside if input.tool.annotations.openWorldHint == false

is_excepted if {
	some backend, names in exceptions
	glob.match(backend, ["/"], input.backend.id)
	some name in names
	glob.match(name, ["/"], input.mcp.name)
}
