# Denies commands that are not one allowed program with plain arguments.
package outrider

import data.outrider.shell

deny contains {"code": "command_not_allowed", "msg": msg, "public": true} if {
	some problem in shell.problems
	msg := sprintf("command refused: %v", [problem])
}
