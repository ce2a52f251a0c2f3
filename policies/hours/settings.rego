# Settings of the business hours policy.
package outrider.hours

# backend -> tools that may be used in these hours only. Both are globs.
tools := {"*": {"*"}}

# An IANA zone name; summer time is taken care of.
zone := "Europe/Berlin"

days := {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday"}

# From, and up to but not including, on the 24-hour clock.
opens := "08:00"

closes := "18:00"
