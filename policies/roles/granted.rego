package outrider.roles

# The grants of the caller's roles for the backend of this call. Roles come from the caller's verified identity.
granted contains grant if {
	some role in input.principal.roles
	some grant in grants[role]
	glob.match(grant.backend, ["/"], input.backend.id)
}

# A URI that could mean another place than it shows: a step upwards, plain or encoded.
is_devious(uri) if regex.match(`(?i)\.\.|%2e|%2f|%5c|%25|%00|\\`, uri)
