# first

# second
package fmt.comments # package


# before imports
import data.a # a
# between
import data.b


# before rule
p := 1 # same line

q := [ # open
  1, # one
  # own line
  2 # two
  # last
] # close

r if { # open body
  # in body
  input.a # a

  # before b
  input.b
  # end of body
} # after body
# directly below
s := {"a": 1, # first
  "b": 2 }

t if {
  x := [y | # why
    y := input.z # z
  ]
  count(x) > 0 # enough
} else := 2 # two
u if {
  input.a
}
# before else
else if {
  input.b
}
w := f(1, # one
  2) # two
v := f( # only
  1)
# the end
