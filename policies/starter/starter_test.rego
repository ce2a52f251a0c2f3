package outrider.starter_test

import data.outrider

tools := {"*": {"echo", "read_*"}, "files": {"list"}}

call(backend, tool) := {
	"phase": "request",
	"mcp": {"method": "tools/call", "name": tool},
	"backend": {"id": backend},
	"arguments": {},
}

test_listed_tool_is_allowed if {
	outrider.allow with input as call("notes", "echo") with data.outrider.starter.tools as tools
	outrider.allow with input as call("notes", "read_note") with data.outrider.starter.tools as tools
	outrider.allow with input as call("files", "list") with data.outrider.starter.tools as tools
}

test_other_tools_are_not_allowed if {
	not outrider.allow with input as call("notes", "delete") with data.outrider.starter.tools as tools
	not outrider.allow with input as call("notes", "list") with data.outrider.starter.tools as tools
}

test_nothing_is_allowed_before_settings_are_edited if {
	not outrider.allow with input as call("notes", "echo")
	not outrider.allow with input as read("file:///srv/docs/a.md")
	not outrider.allow with input as prompt("summary")
}

test_empty_input_is_not_allowed if {
	not outrider.allow with input as {}
}

test_tool_is_listed_without_arguments if {
	entry := {"phase": "list", "mcp": {"method": "tools/call", "name": "echo"}, "backend": {"id": "notes"}}
	outrider.allow with input as entry with data.outrider.starter.tools as tools
}

read(uri) := {"phase": "request", "mcp": {"method": "resources/read", "uri": uri}, "backend": {"id": "files"}}

docs := {"file:///srv/docs/**"}

test_resources_below_a_listed_uri_are_allowed if {
	outrider.allow with input as read("file:///srv/docs/a/b.md") with data.outrider.starter.resources as docs
	not outrider.allow with input as read("file:///srv/other") with data.outrider.starter.resources as docs
}

test_resources_with_steps_upwards_are_not_allowed[uri] if {
	some uri in [
		"file:///srv/docs/../secret",
		"file:///srv/docs/%2e%2e/secret",
		"file:///srv/docs/..%2Fsecret",
		`file:///srv/docs/..\secret`,
	]
	not outrider.allow with input as read(uri) with data.outrider.starter.resources as docs
}

prompt(name) := {"phase": "request", "mcp": {"method": "prompts/get", "name": name}, "backend": {"id": "notes"}}

test_listed_prompt_is_allowed if {
	outrider.allow with input as prompt("summary") with data.outrider.starter.prompts as {"sum*"}
	not outrider.allow with input as prompt("other") with data.outrider.starter.prompts as {"sum*"}
}

test_follow_ups_are_allowed if {
	outrider.allow with input as {"phase": "request", "mcp": {"method": "tasks/get"}}
}

ask(method, arguments) := {"phase": "server_request", "mcp": {"method": method}, "arguments": arguments}

test_sampling_is_allowed_only_when_listed if {
	not outrider.allow with input as ask("sampling/createMessage", {})
	outrider.allow with input as ask("sampling/createMessage", {})
		with data.outrider.starter.server_requests as {"sampling/createMessage"}
}

test_elicitation_is_allowed_as_a_form_only if {
	outrider.allow with input as ask("elicitation/create", {"message": "Name?"})
	outrider.allow with input as ask("elicitation/create", {"mode": "form"})
	not outrider.allow with input as ask("elicitation/create", {"mode": "url", "url": "https://example.com"})
}

test_client_cannot_use_the_name_of_a_server_request if {
	not outrider.allow with input as {"phase": "request", "mcp": {"method": "elicitation/create"}, "arguments": {}}
}
