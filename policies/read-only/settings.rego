# Settings of the read-only policy.
package outrider.read_only

# backend -> tools that may be called although they are not read-only. Both are globs.
exceptions := {"example-backend": {"append_*"}}

# Whether tools that may reach beyond their server (the web, other machines) are denied as well.
closed_world_only := false
