# Settings of the starter policy. The lists to edit. All names are globs; `*` stops at `/`, `**` does not.
package outrider.starter

# backend -> tools that may be called there. "*" is every backend.
# For example: {"*": {"echo", "read_*"}, "files": {"list_directory"}}
tools := {"example-backend": {"example_tool"}}

# Resources that may be read and watched, by URI. For example: {"file:///srv/docs/**"}
resources := {"example://nothing"}

# Prompts that may be fetched. "*" is every prompt.
prompts := {"example_prompt"}

# Methods that need no list of their own: they ask about work that was allowed, or wait for news.
other_methods := {
	"completion/complete",
	"subscriptions/listen",
	"tasks/cancel",
	"tasks/get",
	"tasks/list",
	"tasks/result",
	"tasks/update",
}

# What servers may ask of the client. "sampling/createMessage" would let them run the client's model at the client's
# expense, on text of their choice.
server_requests := {"roots/list"}

# How servers may ask the user for input: "form", "url".
elicitation_modes := {"form"}

# A URI that could mean another place than it shows: a step upwards, plain or encoded.
is_devious(uri) if regex.match(`(?i)\.\.|%2e|%2f|%5c|%25|%00|\\`, uri)
