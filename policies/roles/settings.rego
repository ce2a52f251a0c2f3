# Settings of the roles policy. Role -> grants. A grant names a backend and a tool, a resource or a prompt there; all
# of them are globs, in which `*` stops at `/` and `**` does not.
package outrider.roles

grants := {
	"example-reader": [
		{"backend": "*", "tool": "read_*"},
		{"backend": "docs", "resource": "file:///srv/docs/**"},
	],
	"example-editor": [
		{"backend": "notes", "tool": "*"},
		{"backend": "notes", "prompt": "summary"},
	],
}
