# Denies SQL that is more than one statement of an allowed kind.
package outrider

import data.outrider.sql

deny contains {"code": "sql_not_allowed", "msg": msg, "public": true} if {
	some problem in sql.problems
	msg := sprintf("SQL refused: %v", [problem])
}
