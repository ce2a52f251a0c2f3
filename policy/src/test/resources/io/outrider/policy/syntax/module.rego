# METADATA
# title: everything that a module may hold
package foo.bar["x y"]

import data.a as b
import future.keywords.and
import future.keywords.not
import future.keywords.or
import input.x.y

default p := {"b": 1, "a": [null, true, 1.50, `raw`]}

# METADATA
# description: ignored here
p := {"z", 1, null, _x, [1], {"a": 1}, {2}} if {
	some i, j
	some _x in input.xs with input.xs as [1] with data.a as b
	some k, v in input.ys
	every e in [1] {
		e > 0
	}
	every key, e in {"a": 1} {
		not e == key # not?
	}
} else := 2 if {
	not {
		input.a
		y.z[_]
	}
} else if {
	{
		input.c
		input.d
	} or input.e and not input.f
}

f(x, [_, {"k": v}], _) := z if {
	z := ((x + v) * -2) % 3
	z in {1, 2}
	"k", 1 in {"k": 1}
} else := _ if {
	false
}

default g(_) := 1

h["a"] := 1

h["b"] := 2 if 1 == 1

h[k] := v if some k, v in {"a": [x | x := 1], "b": {x | x := 1}, "c": {x: 1 | x := "1"}}

i.j.k contains 1

i.l[m][n] := $"a {m} {"b"} \{" if {
	some m, n
	input[m][n].o["p q"]
	concat = [][0]
}

o contains $`raw {input}` if count({1 | true} | {2}) = 1

q.r(x) := x.y.z(1)[x]
