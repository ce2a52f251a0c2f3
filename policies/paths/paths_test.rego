package outrider.paths_test

import data.outrider

is_denied if {
	some reason in outrider.deny
	reason.code == "path_not_allowed"
}

call(arguments) := {
	"phase": "request",
	"mcp": {"method": "tools/call", "name": "read_file"},
	"backend": {"id": "files"},
	"arguments": arguments,
}

read(uri) := {"phase": "request", "mcp": {"method": "resources/read", "uri": uri}, "backend": {"id": "files"}}

roots := {"/srv/data", "/home/alice/"}

refused(request) if is_denied with input as request with data.outrider.paths.roots as roots

test_paths_below_a_root_pass[path] if {
	some path in [
		"/srv/data",
		"/srv/data/",
		"/srv/data/a.txt",
		"/srv//data/./a/b.txt",
		"/home/alice/notes.md",
		"/srv/data/..hidden/a..b",
		"/srv/data/a b+c (1).txt",
		"/srv/data/caf%C3%A9.txt",
	]
	not refused(call({"path": path}))
}

test_paths_elsewhere_are_refused[path] if {
	some path in [
		"/etc/passwd",
		"/srv/database/x",
		"/srv",
		"/",
		"",
		"notes.txt",
		"~/notes.txt",
		"./srv/data/x",
		"C:/srv/data",
		"file:///etc/passwd",
	]
	refused(call({"path": path}))
}

test_traversal_is_refused[path] if {
	some path in [
		"/srv/data/../../etc/passwd",
		"/srv/data/..",
		"/srv/data/a/../b",
		`/srv/data\..\..\etc`,
		`\\host\share`,
		"/srv/data/%2e%2e/%2e%2e/etc/passwd",
		"/srv/data/..%2f..%2fetc",
		"/srv/data/%252e%252e/x",
		"/srv/data/%2e%2E/x",
		"/srv/data/a%00.txt",
		"/srv/data/a%5c..%5cb",
		"/srv/data/%zz",
		"/srv/data/a%",
		"/srv/data/a\u0000.txt",
		"/srv/data/a\nb",
		"/srv/data/\uff0e\uff0e/x",
		"%2fetc%2fpasswd",
	]
	refused(call({"path": path}))
}

test_every_path_of_a_list_is_checked if {
	not refused(call({"paths": ["/srv/data/a", "/srv/data/b"]}))
	refused(call({"paths": ["/srv/data/a", "/etc/passwd"]}))
	refused(call({"source": "/srv/data/a", "destination": "/etc/x"}))
	refused(call({"edits": [{"path": "/srv/data/a"}, {"path": "/etc/x"}]}))
	refused(call({"path": {"value": "/etc/x"}}))
}

test_call_without_a_path_is_refused if {
	refused(call({}))
	refused(call({"text": "/etc/passwd"}))
	refused(call({"path": 7}))
	refused(object.remove(call({}), {"arguments"}))
}

test_tool_that_needs_no_path_passes if {
	not refused(call({})) with data.outrider.paths.needs_path as {"write_*"}
}

test_resources_are_checked if {
	not refused(read("file:///srv/data/a.txt"))
	refused(read("file:///etc/passwd"))
	refused(read("file:///srv/data/../x"))
	refused(read("https://example.com/srv/data"))
}

test_other_backends_are_not_guarded if {
	not refused(object.union(call({"path": "/etc/passwd"}), {"backend": {"id": "notes"}}))
}

test_nothing_passes_before_settings_are_edited if {
	is_denied with input as call({"path": "/srv/data/a"})
}
