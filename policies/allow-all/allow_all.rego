# DANGER. Every call is allowed. For trying out Outrider and for tests of the plumbing, never where
# a call can do harm. Every decision carries a warning that says so.
package outrider

default allow := true

warn contains {
	"code": "allow_all",
	"msg": "the allow-all policy is loaded: every call is allowed, nothing is being enforced",
}

labels["policy"] := "allow-all"
