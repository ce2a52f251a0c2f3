// Command opa-oracle answers, line by line, what OPA says to a module.
//
// It reads one JSON request per line from standard input and writes one JSON answer per line, in the
// same order. It exists because one `opa check` per module costs 60 ms of start-up, and many modules
// in one `opa check` are one compile unit.
//
//	go build -o opa-oracle . && ./opa-oracle < requests.jsonl > answers.jsonl
package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sort"
	"strings"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/loader"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
	"github.com/open-policy-agent/opa/v1/util"
)

// request is one question. Either module, or modules by name, may be given.
type request struct {
	ID  any    `json:"id,omitempty"`
	Cmd string `json:"cmd"` // check, eval, parse, fmt

	Module  string            `json:"module,omitempty"`
	Modules map[string]string `json:"modules,omitempty"`

	Rego   string         `json:"rego,omitempty"`    // v0, v0v1, v1 (default), v2
	Strict bool           `json:"strict,omitempty"`  // check --strict
	Schema map[string]any `json:"schemas,omitempty"` // by name as in METADATA; `schema` alone is that of the input
	Limit  *int           `json:"limit,omitempty"`   // of errors; 10 by default as `opa check` has it

	Query     string          `json:"query,omitempty"`
	Input     json.RawMessage `json:"input,omitempty"`
	InputTerm string          `json:"input_term,omitempty"`
	Data      json.RawMessage `json:"data,omitempty"`
	Lenient   bool            `json:"lenient,omitempty"` // built-in errors make undefined
	Prints    bool            `json:"prints,omitempty"`
	TimeoutMS int             `json:"timeout_ms,omitempty"`
}

type problem struct {
	Code    string `json:"code"`
	File    string `json:"file,omitempty"`
	Row     int    `json:"row"`
	Col     int    `json:"col"`
	Message string `json:"message"`
}

// answer holds errors, or what was asked for. A query without a solution has an empty list of results.
type answer struct {
	ID      any                  `json:"id,omitempty"`
	Errors  []problem            `json:"errors,omitempty"`
	Results *[]map[string]string `json:"results,omitempty"` // variable to Rego text, canonical
	JSON    *[]map[string]any    `json:"json,omitempty"`    // variable to JSON
	AST     any                  `json:"ast,omitempty"`
	Text    *string              `json:"text,omitempty"`
	Prints  []string             `json:"prints,omitempty"`
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(make([]byte, 1<<20), 1<<28)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for in.Scan() {
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		var req request
		var ans answer
		dec := json.NewDecoder(bytes.NewReader(in.Bytes()))
		dec.UseNumber()
		if err := dec.Decode(&req); err != nil {
			ans = answer{Errors: []problem{{Code: "oracle_request_error", Message: err.Error()}}}
		} else {
			ans = guarded(req)
		}
		ans.ID = req.ID
		enc := json.NewEncoder(out)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(ans); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if err := out.Flush(); err != nil {
			os.Exit(1)
		}
	}
	if err := in.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// guarded turns a panic of OPA into an answer, since one is a finding too.
func guarded(req request) (ans answer) {
	defer func() {
		if r := recover(); r != nil {
			ans = answer{Errors: []problem{{Code: "oracle_panic", Message: fmt.Sprint(r)}}}
		}
	}()
	switch req.Cmd {
	case "check":
		_, ans.Errors = compile(req)
	case "eval":
		ans = eval(req)
	case "parse":
		modules, errs := parse(req)
		if len(errs) > 0 {
			return answer{Errors: errs}
		}
		asts := map[string]any{}
		for name, m := range modules {
			asts[name] = m
		}
		ans.AST = asts
	case "fmt":
		text, err := format.SourceWithOpts("policy.rego", []byte(req.Module),
			format.Opts{RegoVersion: version(req.Rego)})
		if err != nil {
			return answer{Errors: problems(err)}
		}
		s := string(text)
		ans.Text = &s
	default:
		ans.Errors = []problem{{Code: "oracle_request_error", Message: "unknown cmd " + req.Cmd}}
	}
	return ans
}

func version(name string) ast.RegoVersion {
	switch name {
	case "v0":
		return ast.RegoV0
	case "v0v1":
		return ast.RegoV0CompatV1
	case "v2":
		return ast.RegoV2
	}
	return ast.RegoV1
}

func parse(req request) (map[string]*ast.Module, []problem) {
	texts := req.Modules
	if texts == nil {
		texts = map[string]string{}
	}
	if req.Module != "" || len(req.Modules) == 0 && req.Cmd != "eval" {
		texts["policy.rego"] = req.Module
	}
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	sort.Strings(names)
	caps := ast.CapabilitiesForThisVersion(ast.CapabilitiesRegoVersion(version(req.Rego)))
	modules := map[string]*ast.Module{}
	var found []problem
	for _, name := range names {
		m, err := ast.ParseModuleWithOpts(name, texts[name], ast.ParserOptions{
			ProcessAnnotation: true, RegoVersion: version(req.Rego), Capabilities: caps})
		if err != nil {
			found = append(found, problems(err)...)
			continue
		}
		if m == nil {
			found = append(found, problem{Code: ast.ParseErr, File: name, Row: 1, Col: 1, Message: "empty module"})
			continue
		}
		modules[name] = m
	}
	return modules, found
}

func compile(req request) (*ast.Compiler, []problem) {
	modules, errs := parse(req)
	if len(errs) > 0 {
		return nil, errs
	}
	limit := 10
	if req.Limit != nil {
		limit = *req.Limit
	}
	caps := ast.CapabilitiesForThisVersion(ast.CapabilitiesRegoVersion(version(req.Rego)))
	compiler := ast.NewCompiler().
		SetErrorLimit(limit).
		WithCapabilities(caps).
		WithEnablePrintStatements(req.Cmd != "eval" || req.Prints).
		WithStrict(req.Strict).
		WithUseTypeCheckAnnotations(true)
	if req.Schema != nil {
		set := ast.NewSchemaSet()
		for name, schema := range req.Schema {
			ref := ast.Ref{}
			for i, part := range strings.Split(name, ".") {
				if i == 0 {
					ref = append(ref, ast.VarTerm(part))
				} else {
					ref = append(ref, ast.StringTerm(part))
				}
			}
			set.Put(ref, plain(schema))
		}
		compiler = compiler.WithSchemas(set)
	}
	if compiler.Compile(modules); compiler.Failed() {
		return nil, problems(compiler.Errors)
	}
	return compiler, nil
}

// plain goes through OPA's own JSON reader, since its schema code wants that reader's number type.
func plain(v any) any {
	bs, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	var out any
	if err := util.UnmarshalJSON(bs, &out); err != nil {
		panic(err)
	}
	return out
}

func problems(err error) []problem {
	var list ast.Errors
	var one *ast.Error
	var td *topdown.Error
	var loaded loader.Errors
	switch {
	case errors.As(err, &list):
		out := make([]problem, 0, len(list))
		for _, e := range list {
			out = append(out, of(e.Code, e.Location, e.Message))
		}
		return out
	case errors.As(err, &one):
		return []problem{of(one.Code, one.Location, one.Message)}
	case errors.As(err, &td):
		return []problem{of(td.Code, td.Location, td.Message)}
	case errors.As(err, &loaded) && len(loaded) > 0:
		return problems(loaded[0])
	}
	return []problem{{Code: "", Message: err.Error()}}
}

func of(code string, at *ast.Location, message string) problem {
	p := problem{Code: code, Message: message}
	if at != nil {
		p.File, p.Row, p.Col = at.File, at.Row, at.Col
	}
	return p
}

// bare holds the compilers of queries without modules, which are asked by the ten thousand.
var bare = map[string]*ast.Compiler{}

func compilerOf(req request) (*ast.Compiler, []problem) {
	if req.Module != "" || len(req.Modules) > 0 || req.Schema != nil {
		return compile(req)
	}
	key := fmt.Sprint(req.Rego, req.Strict, req.Prints)
	if compiler, ok := bare[key]; ok {
		return compiler, nil
	}
	compiler, errs := compile(req)
	if len(errs) == 0 {
		bare[key] = compiler
	}
	return compiler, errs
}

func eval(req request) answer {
	compiler, errs := compilerOf(req)
	if len(errs) > 0 {
		return answer{Errors: errs}
	}
	body, err := ast.ParseBodyWithOpts(req.Query, ast.ParserOptions{RegoVersion: version(req.Rego)})
	if err != nil {
		return answer{Errors: problems(err)}
	}
	qc := compiler.QueryCompiler().WithEnablePrintStatements(req.Prints)
	compiled, err := qc.Compile(body)
	if err != nil {
		return answer{Errors: problems(err)}
	}
	var input *ast.Term
	if req.InputTerm != "" {
		if input, err = ast.ParseTerm(req.InputTerm); err != nil {
			return answer{Errors: problems(err)}
		}
	} else if len(req.Input) > 0 {
		value, err := ast.ValueFromReader(bytes.NewReader(req.Input))
		if err != nil {
			return answer{Errors: problems(err)}
		}
		input = ast.NewTerm(value)
	}
	data := map[string]any{}
	if len(req.Data) > 0 {
		if err := util.UnmarshalJSON(req.Data, &data); err != nil {
			return answer{Errors: problems(err)}
		}
	}
	ctx := context.Background()
	store := inmem.NewFromObject(data)
	txn, err := store.NewTransaction(ctx)
	if err != nil {
		return answer{Errors: problems(err)}
	}
	defer store.Abort(ctx, txn)

	timeout := 10 * time.Second
	if req.TimeoutMS > 0 {
		timeout = time.Duration(req.TimeoutMS) * time.Millisecond
	}
	cancel := topdown.NewCancel()
	timer := time.AfterFunc(timeout, cancel.Cancel)
	defer timer.Stop()

	var prints bytes.Buffer
	results, err := topdown.NewQuery(compiled).
		WithQueryCompiler(qc).
		WithCompiler(compiler).
		WithStore(store).
		WithTransaction(txn).
		WithInput(input).
		WithCancel(cancel).
		WithStrictBuiltinErrors(!req.Lenient).
		WithPrintHook(topdown.NewPrintHook(&prints)).
		Run(ctx)
	if err != nil {
		return answer{Errors: problems(err)}
	}
	rewritten := qc.RewrittenVars()
	texts := []map[string]string{}
	values := []map[string]any{}
	for _, solution := range results {
		text := map[string]string{}
		value := map[string]any{}
		for v, term := range solution {
			name := v
			if original, ok := rewritten[v]; ok {
				name = original
			}
			if name.IsWildcard() || name.IsGenerated() {
				continue
			}
			text[string(name)] = term.String()
			if j, err := ast.JSON(term.Value); err == nil {
				value[string(name)] = j
			}
		}
		texts = append(texts, text)
		values = append(values, value)
	}
	ans := answer{Results: &texts, JSON: &values}
	for _, line := range bytes.Split(prints.Bytes(), []byte("\n")) {
		if len(line) > 0 {
			ans.Prints = append(ans.Prints, string(line))
		}
	}
	return ans
}
