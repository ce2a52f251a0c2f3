package fmt.newer
import rego.v2
a if { input.x and input.y or not input.z }
b if not { input.x ; input.y }
c if (input.a or input.b) and input.c
d if {
  input.a or
    input.b
  not input.c == 1
}
e if input.a and { some x in input.b; x > 1 }
f := input["and"].or
