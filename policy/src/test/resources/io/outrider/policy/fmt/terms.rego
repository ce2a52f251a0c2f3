package fmt.terms
arr := [1,2 ,3]
arr2 := [
  1, 2,
  3]
obj := {"a":1,
  "b":{"c":[ ]}, "d":set() }
st := { "x","y" }
nested := [[1,
2],[3]]
u := [ (a|b), a&b ]
v := {x|some x in arr ; x>1}
w := [ y |
  y := arr[_]
  y>1
]
o := {k:v|some k,v in obj}
r := data["a"]["b-c"].d[`e`][input.if]["if"]
s := `raw
text`
t := "esc\"aped\u00e9"
tpl := $"a {input.x} b \{ {count(input.y) + 1}"
rawtpl := $`a {input.x}
b`
call := concat(",",[ "a" ,"b"])
call2 := f(
  1
)
call3 := f(1,
  2)
math := (1+2)*3-4/5%6
cmp if (1 + 2) * 3 >= count(input.a) - 1
mem if "a" in {"a","b"}
mem3 if "k", 1 in obj
e if every x in [1,2] { x > 0 }
e2 if {
  every k,v in obj {
    k != ""
      v
  }
}
some1 if { some i,j
  arr[i] == arr[j] }
w1 if allow with input as {"a":1} with data.x as 2
w2 if {
  allow with input as {"a": 1}
    with data.x as 2
      with data.y as [3]
}
eq if x = y
wild if { _ = arr[_]; [_, 2] = input.z }
