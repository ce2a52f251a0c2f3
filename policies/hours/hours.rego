# Denies calls outside the hours of settings.rego.
package outrider

import data.outrider.hours

deny contains {"code": "outside_hours", "msg": msg, "public": true} if {
	hours.is_limited
	not hours.is_open
	msg := sprintf("%v may be used from %v to %v (%v) only", [
		hours.name,
		hours.opens,
		hours.closes,
		hours.zone,
	])
}
