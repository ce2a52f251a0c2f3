# Denies calls and reads whose paths lead outside the allowed folders.
package outrider

import data.outrider.paths

deny contains {"code": "path_not_allowed", "msg": msg, "public": true} if {
	some problem in paths.problems
	msg := sprintf("path refused: %v", [problem])
}
