# Settings of the paths policy.
package outrider.paths

# Backends whose tools and resources are files. Globs.
backends := {"files"}

# Names of the arguments that hold paths, alone or in lists, at any depth.
arguments := {"path", "paths", "file", "files", "directory", "source", "destination"}

# Folders that may be reached, with everything below them. "/srv/data" does not allow "/srv/database".
# Links inside them are not seen here: the server must not follow links that lead out.
roots := {"/srv/example"}

# Tools that must be given a path, or else they are refused. Globs.
needs_path := {"*"}
