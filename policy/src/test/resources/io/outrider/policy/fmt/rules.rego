# METADATA
# title: rules
package   fmt.rules["odd name"]
import   data.zeta
import data.alpha as a   # kept at its line
import input.x

import rego.v1
default allow   =  false
default limit(_) := 10


allow if { input.user == "root" }
allow if input.a
allow if {
  input.b   ; input.c


  input.d
}
  # about deny
deny contains msg if { msg := "no" ; not input.ok } # after
deny   contains "x"
f(x,y) = z if { z := x+y*2 } else = 3 if { x>1 }
else := 4
g( [a, {"k": v}] ) := v if a
h if true
n := 1e3
neg := -1.50
m["a"] := 1
m[k] := v if { some k, v in input }
long.name.here contains "x" if input.y
long.other := true
p.q[r] := s if { r := "a"; s := 1 }
chain if { input.a } { input.b }
set_body if { { input.a } }
