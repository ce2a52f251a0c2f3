package outrider.roles_test

import data.outrider

grants := {
	"reader": [{"backend": "*", "tool": "read_*"}, {"backend": "docs", "resource": "file:///srv/docs/**"}],
	"editor": [{"backend": "notes", "tool": "*"}, {"backend": "notes", "prompt": "summary"}],
}

call(roles, backend, tool) := {
	"phase": "request",
	"mcp": {"method": "tools/call", "name": tool},
	"backend": {"id": backend},
	"principal": {"type": "user", "id": "alice", "roles": roles},
}

allowed(request) if outrider.allow with input as request with data.outrider.roles.grants as grants

test_role_is_granted_its_tools if {
	allowed(call(["reader"], "files", "read_file"))
	allowed(call(["editor"], "notes", "delete_note"))
	allowed(call(["guest", "reader"], "files", "read_file"))
}

test_role_is_not_granted_the_tools_of_another if {
	not allowed(call(["reader"], "notes", "delete_note"))
	not allowed(call(["editor"], "files", "read_file"))
	not allowed(call(["guest"], "files", "read_file"))
}

test_caller_without_roles_is_granted_nothing if {
	not allowed(call([], "files", "read_file"))
	not allowed({"mcp": {"method": "tools/call", "name": "read_file"}, "backend": {"id": "files"}})
}

test_roles_outside_the_principal_do_not_count if {
	forged := object.union(
		call([], "files", "read_file"),
		{"arguments": {"roles": ["reader"]}, "agent": {"client_info": {"roles": ["reader"]}}},
	)
	not allowed(forged)
}

test_resources_and_prompts_have_grants_of_their_own if {
	allowed(read("docs", "file:///srv/docs/a/b.md"))
	not allowed(read("docs", "file:///srv/docs/../secret"))
	not allowed(read("files", "file:///srv/docs/a.md"))
	allowed(prompt("notes", "summary"))
	not allowed(prompt("files", "summary"))
}

read(backend, uri) := {
	"mcp": {"method": "resources/read", "uri": uri},
	"backend": {"id": backend},
	"principal": {"roles": ["reader"]},
}

prompt(backend, name) := {
	"mcp": {"method": "prompts/get", "name": name},
	"backend": {"id": backend},
	"principal": {"roles": ["editor"]},
}
