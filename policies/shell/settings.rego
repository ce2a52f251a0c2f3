# Settings of the shell policy.
package outrider.shell

# backend -> tools that run commands. Both are globs.
tools := {"*": {"run_command", "execute_command", "shell", "bash"}}

# Names of the arguments that hold a command, as text or as a list.
arguments := {"command", "cmd", "argv", "args"}

# program -> what its first argument must be; an empty set means anything. Programs are named as they are called: "ls"
# does not allow "/tmp/ls". Do not list programs that run others (env, find, xargs, ssh, sudo, tar, any interpreter).
programs := {"pwd": set(), "example-program": {"status"}}
