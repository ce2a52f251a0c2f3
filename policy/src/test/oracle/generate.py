"""Calls made from a seed: every built-in with arguments of the right types, of wrong ones and at the edges.

Each argument is drawn from the pool that its name in ARGS says, or now and then from the pool of odd values. Pools are small, so
that arguments fit each other often enough to get past the checks.
"""

import json
import pathlib
import random

from cases import CIDRS, GLOBS, LAYOUTS, MOMENTS, N, PATTERNS, S, SEMVERS, SUBJECTS, UNITS, URIS, YAMLS, ZONES

SEED = 20261128

ODD = [None, True, False, 0, 1, -1, N("1.0"), N("1e3"), 0.5, "", "a", [], [1], {}, {"a": 1}, S(), S(1), S("a", "b"), [[]],
       "\u00e9\u65e5\U0001f600", 9223372036854775807, 9223372036854775808, N("-9223372036854775809"), N("1e400"), N("1e-400"), N("-0"), [None], {"": ""}]
WORDS = ["", "a", "b", "ab", "abc", "aXbXc", "X", "aa", "aaa", " ", "  pad ", "\t\n", "h\u00e9llo", "\u65e5\u672c\u8a9e", "\U0001f600a", "\u00df", "\u0130", "e\u0301", "a,b,,c",
         ",", "A", "ABC", "\u03a3", "\u0000", "a\u0000b", "\u2028", "x" * 300, "null", "true", "1", "1.5", "-", "%", "a/b", "a.b.c", "/", "\\", "\"q\"", "<b>&"]
INTS = [0, 1, 2, 3, -1, -2, 5, 10, 64, 255, -255, 1000, N("1.0"), N("2e0"), 2147483648, -9223372036854775808, 9223372036854775807, 18446744073709551616]
NUMS = INTS + [0.5, -0.5, 1.5, -2.5, 2.4999, 0.1, 0.3, 1e21, 1e-7, 123456.789, N("1e400"), N("-0"), N("0.10"), N("1E5"), N("3.0"), N("1e-400"),
               N("123456789012345678901234567890"), N("0.1234567890123456789012345"), -7.25]
ARRAYS = [[], [1], [1, 2, 3], ["a", "b"], ["b", "a", "b"], [None, True, 0.5], [[1], [2, [3]]], [{"a": 1}], [3, 1, 2, 1], [S(1), S(1, 2)], ["", "a"], [N("1.0"), 1]]
SETS = [S(), S(1), S(1, 2, 3), S("a", "b"), S(S(1), S(1, 2)), S([1], [2]), S(None, True, 1, "x"), S(N("1.0"), 2)]
OBJECTS = [{}, {"a": 1}, {"a": 1, "b": 2}, {"a": {"b": {"c": 1}}}, {"a": [1, {"b": 2}]}, {"": 1}, {"a/b": 1, "m~n": 2}, {"b": None, "a": S(1)}, {"a": {"x": 1, "y": 2}, "b": 3},
           {"a": {}}, {"0": "zero", "1": "one"}, {"\u00e9": "\u65e5"}, {"a": "1", "b": "2"}]
ANY = ODD + ARRAYS + SETS + OBJECTS + NUMS + WORDS
COLLECTIONS = ARRAYS + SETS
STRING_LISTS = [[], ["a"], ["a", "b"], ["", "x"], S("a"), S("a", "ab"), S(), ["abc", "b", "aXbXc"], ["\u65e5", "h"], [1], S(1, "a")]
NUMBER_LISTS = [[], [1], [1, 2, 3], [0.1, 0.2, 0.3], [1.5, -1.5], S(1, 2), S(0.5, N("1.0")), [9223372036854775807, 1], [1e21, 1], [N("1e400"), 1], ["a"], [0, N("-0")], [N("123456789012345678901234567890"), 2]]
PATHS = ["a", "/a", "a/b", "/a/b", "", "/", "a/0", "a/1/b", "b", "m~0n", "a~1b", "//a", ["a"], ["a", "b"], [], ["a", 0], [""], 1, "0"]
PATH_LISTS = [[p] for p in PATHS] + [["a", "b"], ["a/b", "a"], ["a", "a/b"], S("a"), S(["a"]), [], S(), ["z", "a/z"]]
OPS = [{"op": o, "path": p, "value": v} for o in ("add", "replace", "test") for p in PATHS[:13] for v in (1, {"x": 1}, [1])] + \
      [{"op": "remove", "path": p} for p in PATHS] + [{"op": o, "from": f, "path": p} for o in ("move", "copy") for f in ("a", "/a/b", "", "z") for p in ("b", "a/b", "", "/a/-")] + \
      [{"op": "add", "path": "a"}, {"op": "zap", "path": "a"}, {"path": "a"}, {}, {"op": "add", "path": "/a/-", "value": 9}, {"op": 1, "path": "a"}]
PATCHES = [[o] for o in OPS] + [[a, b] for a, b in zip(OPS, OPS[7:])] + [[], S(), [1]]
VERBS = ["%" + f + w + v for f in ("", "-", "+", "0", " ", "#", "#0", "+-") for w in ("", "6", "3", ".2", "8.3", ".0") for v in "vdsxXqfteEgGbocUT"]
FORMATS = VERBS + ["%v %v", "%[2]v %[1]v", "%[3]v", "%d%%", "a%vb%dc", "%!", "%", "%z", "%[a]d", "%*d", "%-*d|", "%.*f", "%v%v%v", "\u65e5%s", "%6.2f%%", "no verbs", "%[1]*d", "%[1]"]
FORMAT_ARGS = [[v] for v in NUMS + WORDS[:16] + ODD] + [[1, 2], ["a", 1.5], [5, 1.25], [], [{"a": S(1)}], [[1, "a", None]], [True, None], S(1)]
JSONS = ["1", "\"a\"", "[1, 2.50, null]", "{\"a\":{\"b\":[]}}", "{\"a\":1,\"a\":2}", "", " ", "[1", "{", "nul", "01", "1.", "-0", "1e5", "1E+400", "\"\\ud83d\\ude00\"", "\"\\u00e9\"", "\"\\x\"", "[1,]",
         "{\"a\"}", "\"\t\"", "// c\n1", "1 2", "\ufeff1", "[[[[[[]]]]]]", "true", "NaN", "'a'", "123456789012345678901234567890", "{\"b\":1,\"a\":2}"]
BASE64S = ["", "YQ==", "YWI=", "YWJj", "YQ", "YWI", "Y", "!!!!", "YQ=", "====", "YQ==YQ==", "aGVsbG8/Pg==", "aGVsbG8_Pg", "aGVsbG8_Pg==", "Y Q==", "YQ\n==", "\u00e9", "w6k=", "8J+YgA==", "+/+/", "-_-_"]
HEXES = ["", "00", "616263", "6", "zz", "6162ZZ", "C3A9", "ABCDEF", "abcdef", "0x61", " 61", "f09f9880", "fff"]
QUERIES = ["", "a=1", "a=1&b=2&a=3", "a", "a=", "=x", "a=%20+", "a=%zz", "%", "a;b", "a=1&&b", "\u00e9=\u65e5", "%e9", "a+b%26c", "a=b=c", "a%3Db=c", "a[]=1&a[]=2"]
TIMES = MOMENTS + [253402300799000000000, -62135596800000000000, 9223372036854775807, -9223372036854775808, 1e18, 0.5, N("1e18"), 1709164800000000000, 1711846800000000000, 1730000000123000000]
MORE_ZONES = ZONES + ["Local", "EST", "Australia/Lord_Howe", "Asia/Kathmandu", "europe/berlin", "+01:00", "Etc/GMT+5", "Pacific/Apia", "GMT", "Europe/Kyiv", "America/Argentina/Buenos_Aires"]
ZONED = TIMES + [[t, z] for t in TIMES[:6] for z in MORE_ZONES] + [[], ["x"], [1, 2], [0, "UTC", "RFC3339"], [TIMES[1], "Europe/Berlin", "2006-01-02"]]
FORMATTED = ZONED + [[t, z, l] for t in TIMES[:5] for z in ("UTC", "Asia/Kolkata", "America/New_York") for l in LAYOUTS]
RFC3339 = ["2026-11-20T10:00:00Z", "2026-11-20T10:00:00.123456789+01:00", "2026-11-20T10:00:00.1Z", "2026-11-20", "2026-13-20T10:00:00Z", "2026-02-29T00:00:00Z", "2024-02-29T23:59:59-12:00", "2026-11-20t10:00:00z",
           "2026-11-20T24:00:00Z", "2026-11-20T10:00:00+25:00", "2262-04-11T23:47:16.854775807Z", "2262-04-12T00:00:00Z", "1677-09-21T00:12:43Z", "0001-01-01T00:00:00Z", "", "2026-11-20T10:00:00.Z", "2026-11-20 10:00:00Z",
           "2026-11-20T10:60:00Z", "2026-11-20T10:00:60Z", "12026-11-20T10:00:00Z", "2026-1-2T03:04:05Z"]
STAMPS = RFC3339 + ["Fri, 20 Nov 2026 10:00:00 GMT", "20 Nov 26 10:00 UTC", "2026-11-20 10:00:00", "11:15AM", "Nov  5 2026", "Friday, 20-Nov-26", "10:00", "2026-100", "02/01/06", "Fri Nov 20 10:00:00 2026", "26.1.2 03:04:05,999"]
DURATIONS = ["1h", "1h30m", "-1.5s", "100ms", "1us", "1\u00b5s", "1ns", "", "1", "x", "1x", "0", "1d", "1w2d", "1y", "1.5d", "-2w", ".5s", "5.s", "300y", "+1m", "1h-1m", "1.000000001s", "2562047h47m16.854775807s", "2562048h", "1e3s", "- 1s", "1H", "106751d"]
UUIDS = ["00000000-0000-0000-0000-000000000000", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}", "6BA7B8109DAD11D180B400C04FD430C8",
         "000003e8-cbb9-21ea-b201-00045a86c8a1", "6ba7b810-9dad-41d1-c0b4-00c04fd430c8", "6ba7b810-9dad-71d1-e0b4-00c04fd430c8", "018f4f5e-7b1a-7c3d-9a2b-1234567890ab", "1ec9414c-232a-6b00-b3c8-9e6bdeced846", "x", "", "ffffffff-ffff-ffff-ffff-ffffffffffff",
         "6ba7b810-9dad-31d1-80b4-00c04fd430c8", "6ba7b810-9dad-51d1-a0b4-02c04fd430c8", "6ba7b810-9dad-11d1-80b4-00c04fd430c", "6ba7b810-9dad-11d1-80b4-01c04fd430cg"]
ADDRESSES = CIDRS + ["10.1.2.3", "::1", "2001:db8::1", "255.255.255.255", "1.2.3", "::ffff:1.2.3.4", "fe80::1%eth0", "", "10.0.0.0/0", "10.0.0.0/-1", "192.0.128.0/24", "192.0.129.0/24", "2001:db8::/33", "2001:db8:8000::/33", "0.0.0.0/1", "128.0.0.0/1",
                     "1.1.1.0/24", "1.1.0.0/16", "1.1.1.128"]
SMALL_NETS = ["192.168.0.0/30", "10.0.0.5/31", "2001:db8::/126", "1.1.1.1/32", "::1/128", "10.0.0.0/29", "bad", "1.1.1.1", "10.0.0.0/33", ""]
NET_LISTS = [[a, b] for a in ADDRESSES[:6] for b in ADDRESSES[-8:]] + [[], ["10.0.0.1", "bad"], S("1.1.1.0/24", "1.1.0.0/16"), [1]]
MATCHED = ADDRESSES + NET_LISTS + [{"x": "1.1.0.0/16"}, {"x": ["1.1.0.0/16", "foo"]}, [["1.1.0.0/16", "foo"], "1.1.2.0/24"], S(["1.1.1.0/24", 1]), [[]], {}]
GRAPHS = [{}, {"a": ["b"], "b": ["c"], "c": []}, {"a": ["a"]}, {"a": ["b", "z"], "b": []}, {"a": S("b", "c"), "b": ["d"], "c": ["d"], "d": ["a"]}, {"a": None}, {"a": "b"}, {"a": [1, None]}, {"1": ["a"], "a": ["1"]}]
STARTS = [["a"], ["a", "b"], S("a"), S("d", "a"), [], S(), ["z"], "a", [1], ["1"]]
BYTES = ["10", "10KB", "10KiB", "1.5mb", "1e3", "", "x", "10 k", "0", "-1", "1Gi", "1TiB", "1EB", "1e-3kb", ".5m", "\"1k\"", "9999999999999999999999Ki", "1kk", "k", "1.1.1"] + UNITS
TEMPLATES = ["", "hi", "{{.a}}", "hi {{.a}}!", "{{.z}}", "{{.a.b}}", "{{ .a }}{{/* c */}}", "{{range .l}}{{.}},{{end}}", "{{range $i, $e := .l}}{{$i}}={{$e}};{{end}}", "{{if .a}}y{{else}}n{{end}}", "{{if .z}}y{{else if .a}}e{{end}}",
             "{{with .o}}{{.x}}{{end}}", "{{with .z}}{{.}}{{else}}none{{end}}", "{{- .a -}} x", "{{len .l}}", "{{index .l 1}}", "{{index .o \"x\"}}", "{{printf \"%d-%s\" .n .a}}", "{{.a | printf \"%q\"}}", "{{eq .n 1}}", "{{and .a .n}}", "{{or .z .a}}",
             "{{not .a}}", "{{", "{{.a", "{{end}}", "{{if}}", "{{foo}}", "{{html .h}}", "{{js .h}}", "{{urlquery .h}}", "{{print .a .n}}", "{{println .a}}", "{{$x := .a}}{{$x}}", "{{.l}}", "{{.o}}", "{{.n}}", "{{.f}}", "{{.t}}", "{{.nil}}", "{{lt .n 2}}", "{{ne .a \"b\"}}",
             "{{slice .a 0 1}}", "{{define \"t\"}}T{{.}}{{end}}{{template \"t\" .a}}", "{{block \"b\" .a}}[{{.}}]{{end}}", "{{\"str\"}}", "{{1}}", "{{1.5}}", "{{true}}", "{{range .o}}{{.}}{{end}}", "{{range .z}}x{{else}}none{{end}}", "{{`raw`}}", "{{.a}}\n{{- .n}}", "{{break}}", "{{range .l}}{{if eq . 2}}{{continue}}{{end}}{{.}}{{end}}", "{{'a'}}", "{{nil}}", "{{.l.x}}", "{{ge .n 1 2}}"]
VALUES = [{}, {"a": "A", "n": 1, "f": 1.5, "t": True, "nil": None, "l": [1, 2, 3], "o": {"x": "X", "y": [1]}, "h": "<a href='x'>&\""}, {"a": {"b": "B"}, "l": ["p", "q"], "n": 12345678901, "o": {}}, {"a": "", "l": [], "n": 0}]
SCHEMAS = [{}, {"type": "string"}, {"type": ["string", "null"]}, {"type": "integer", "minimum": 1, "maximum": 10}, {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.5}, {"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}},
           {"type": "object", "additionalProperties": False, "properties": {"a": {}}}, {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 2, "uniqueItems": True}, {"type": "string", "minLength": 2, "maxLength": 3}, {"type": "string", "pattern": "^a+$"},
           {"enum": [1, "a", None]}, {"const": {"a": 1}}, {"anyOf": [{"type": "string"}, {"type": "number"}]}, {"oneOf": [{"type": "integer"}, {"minimum": 2}]}, {"allOf": [{"type": "object"}, {"required": ["a", "b"]}]}, {"not": {"type": "string"}},
           {"$ref": "#/definitions/d", "definitions": {"d": {"type": "string"}}}, {"type": "unknown"}, {"type": 1}, {"properties": []}, {"required": "a"}, {"minimum": "x"}, {"pattern": "("}, {"type": "string", "format": "date-time"}, {"type": "string", "format": "email"}, {"type": "string", "format": "uri"},
           {"type": "string", "format": "ipv4"}, {"items": [{"type": "string"}, {"type": "integer"}], "additionalItems": False}, {"patternProperties": {"^x": {"type": "integer"}}}, {"minProperties": 1, "maxProperties": 1}, {"dependencies": {"a": ["b"]}}, {"propertyNames": {"pattern": "^[a-z]$"}},
           {"contains": {"type": "integer"}}, {"if": {"type": "object"}, "then": {"required": ["a"]}, "else": {"type": "array"}}, {"$schema": "http://json-schema.org/draft-07/schema#", "type": "object"}, {"$schema": "http://json-schema.org/draft-04/schema#", "maximum": 3, "exclusiveMaximum": True},
           {"$ref": "#/nope"}, True, "{\"type\": \"string\"}", "{", "not json", [], {"definitions": {"x": {"type": "bad"}}}, {"additionalProperties": {"type": "string"}}, {"enum": []}, {"type": "integer", "multipleOf": 0}, {"minLength": -1}, {"uniqueItems": "x"}, {"allOf": []}]
DOCUMENTS = ["\"a\"", "1", "{}", "{\"a\": 1}", "{\"a\": \"x\"}", "{\"a\": \"x\", \"b\": 2}", "[]", "[1, 1]", "[1, 2, 3]", "[\"a\", 1]", "null", "true", "2.5", "11", "\"aaa\"", "\"2026-11-20T10:00:00Z\"", "\"a@b.c\"", "\"http://x/\"", "\"1.2.3.4\"", "{\"x1\": \"s\"}",
             {"a": 1}, {"a": "x"}, {}, [1], [], "{", "", 1, None, {"A": 1}]
GQL_SCHEMAS = ["type Query { a: Int }", "type Query { a(x: Int!, y: [String!]): T! } type T { id: ID! n: String }", "schema { query: Q } type Q { q: String }", "interface I { id: ID! } type A implements I { id: ID! a: Int } type B implements I { id: ID! b: Int } union U = A | B type Query { i: I u: U }",
               "enum E { X Y } input In { e: E! f: Float = 1.5 } type Query { f(in: In, e: E): Boolean } type Mutation { m: Int } type Subscription { s: Int t: Int }", "scalar Date directive @d(r: Int = 1) repeatable on FIELD | QUERY type Query { d: Date @deprecated(reason: \"x\") }", "extend type Query { b: Int } type Query { a: Int }",
               "\"\"\"doc\n  more\"\"\" type Query { \"f\" a: Int # c\n }", "type Query { a: Nope }", "type Query {", "type Query { a: Int a: Int }", "union U = Query type Query { a: Int } type X implements Nope { a: Int }", "input A { a: A! } type Query { q(a: A): Int }", "", "foo", "type Query { __x: Int }", "type Query { a: Int } type Query { b: Int }", "enum E { true } type Query { a: E }",
               "directive @x on NOPE type Query { a: Int }", "type Query { a(x: Query): Int }"]
GQL_QUERIES = ["{ a }", "query { a }", "query Q($x: Int = 1) { a(x: $x) { id n } }", "{ b }", "{ a { b } }", "{ a(x: 1) { id ...F } } fragment F on T { n }", "{ i { id ... on A { a } ... on B { b } } u { __typename ... on A { id } } }", "{ f(in: {e: X}, e: Y) }", "{ f(in: {}, e: Z) }", "{ f(in: {e: \"X\", z: 1}) }", "mutation { m }", "subscription { s t }", "{ d @d @d(r: 2) }", "{ d @nope }",
               "{ x: a y: a }", "{ x: a x: b }", "query A { a } query B { a }", "{ a } query B { a }", "query ($u: Int) { a }", "{ a(x: $u) { id } }", "{ ...F } fragment F on Query { ...F }", "fragment F on Query { a }", "{ ...G }", "{ __schema { types { name } } }", "{ __type(name: \"Query\") { fields { type { fields { type { fields { name } } } } } } }", "{", "", "{ }", "query", "{ a(", "{ a(x: ) }", "{ a @ }",
               "# c\n{ # d\n a # e\n}", "{ a(x: \"\"\"block\n  s\"\"\", y: [\"p\", \"q\"]) }", "{ a(x: 1, x: 2) { id } }", "{ q }", "{ a(x: 1.5) { id } }", "{ a(x: 99999999999) { id } }", "query Q($x: Query) { a }", "{ f(e: $v) }", "query ($v: E!) { f(e: $v) }", "{ a(x: 1) }", "\ufeff{ a }", "{ a(x: \"\\u00e9\\n\\x\") }", "{ 'a' }", "{ a: }", "{ ... { a } }", "{ ... on Int { a } }", "query Q($a: Int, $a: Int) { a }", "{ a(x: {b: 1, b: 2}, y: null) { id } }", "{ a(x: -0, y: [1, [2]]) { id } }", "notanop { a }", "{ a } }", "{ a(x: 01) }"]
GQL_TREES = [{"Operations": [{"Name": "", "Operation": "query", "SelectionSet": [{"Alias": "a", "Name": "a"}]}]}, {"Operations": [{"Operation": "query", "SelectionSet": [{"Alias": "b", "Name": "b"}]}]}, {}, {"Operations": 1}]
GQL_SCHEMA_TREES = [{"Definitions": [{"Kind": "OBJECT", "Name": "Query", "BuiltIn": False, "Description": "", "Fields": [{"Name": "a", "Description": "", "Type": {"NamedType": "Int", "NonNull": False}}]}]}, {}, {"Definitions": [{"Kind": 1}]}]
REGO_TEXTS = ["package a", "package a.b\nimport data.x\np := 1 if input.y == 2", "package", "p := 1", ""]
HEADERS = [{"alg": "HS256"}, {"alg": "HS512", "typ": "JWT"}, {"alg": "none"}, {}, {"alg": 1}, {"alg": "RS256"}, {"typ": "text/plain", "alg": "HS256"}]
CLAIMS = [{"sub": "a"}, {}, {"iss": "x", "exp": 1e9}, {"n": N("1.0")}]
JWKS = [{"kty": "oct", "k": "c2VjcmV0"}, {"kty": "oct", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}, {"kty": "RSA"}, {}, {"keys": []}]

FIXTURES = pathlib.Path(__file__).parent / "fixtures.json"
F = json.loads(FIXTURES.read_text(encoding="utf-8")) if FIXTURES.exists() else {"certs": [], "keys": [], "csrs": [], "jwts": [], "jwt_keys": [], "chains": [], "private_jwks": []}
NOT_KEYS = ["", "foobar", "Zm9vYmFy", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "-----BEGIN X-----\nAA==\n-----END X-----\n", "MAA="]
CERTS, KEYS, CSRS, CHAINS = F["certs"] + NOT_KEYS, F["keys"] + NOT_KEYS, F["csrs"] + NOT_KEYS, F["chains"] + F["certs"] + NOT_KEYS
X509_OPTIONS = [{}, {"DNSName": "leaf.example.com"}, {"DNSName": "other.example.org"}, {"DNSName": "a.wild.example.com"}, {"DNSName": "10.0.0.1"}, {"CurrentTime": 1795168800000000000}, {"CurrentTime": 1295168800000000000}, {"KeyUsages": ["KeyUsageAny"]}, {"KeyUsages": ["KeyUsageClientAuth"]}, {"KeyUsages": ["KeyUsageCodeSigning"]}, {"KeyUsages": ["Nope"]}, {"MaxConstraintComparisons": 5},
                {"x": 1}, {"DNSName": 1}, {"CurrentTime": "x"}, {"KeyUsages": 1}, {"KeyUsages": S("KeyUsageServerAuth"), "DNSName": "leaf.example.com"}]
JWTS, JWT_KEYS = F["jwts"] + ["", "a", "a.b", "a.b.c", "e30.e30.", "eyJhbGciOiJIUzI1NiJ9.e30.x", "eyJhbGciOiJub25lIn0.e30."], F["jwt_keys"] + ["secret", "", "{}", "{\"keys\":[]}", "x"]
CONSTRAINTS = [{"secret": "secret"}, {"secret": "other"}, {}, {"secret": "secret", "alg": "HS256"}, {"secret": "secret", "alg": "RS256"}, {"secret": "secret", "iss": "me"}, {"secret": "secret", "iss": "you"}, {"secret": "secret", "aud": "them"}, {"secret": "secret", "time": 1000000000}, {"secret": "secret", "time": 1e30}, {"secret": "secret", "time": -1}, {"secret": "secret", "time": "x"}, {"cert": "x"},
               {"secret": 1}, {"x": 1}] + [{"cert": k} for k in F["jwt_keys"][:6]] + [{"cert": k, "time": 0} for k in F["jwt_keys"][:6]]
AWS_REQUESTS = [{"method": "get", "url": "http://example.com"}, {"method": "POST", "url": "https://examplebucket.s3.amazonaws.com/a b?x=1&y=%20", "body": {"a": 1, "b": "<&>"}}, {"method": "put", "url": "http://h:8080/p%2Fq", "raw_body": "raw", "headers": {"X-A": "b", "Content-Type": "c", "User-Agent": "u"}}, {"url": "x"}, {"method": 1, "url": "http://x"}, {"method": "get", "url": "http://x", "bad": 1},
                {"method": "get", "url": "http://x/\u00e9", "headers": 1}, {}]
AWS_CONFIGS = [{"aws_service": "s3", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "us-east-1"}, {"aws_service": "es", "aws_access_key": "AKID", "aws_secret_access_key": "SECRET", "aws_region": "eu-1", "aws_session_token": "T"}, {"aws_service": "s3", "aws_access_key": "A", "aws_secret_access_key": "B", "aws_region": "r", "disable_payload_signing": True},
               {"aws_service": "s3"}, {"aws_service": 1, "aws_access_key": "A", "aws_secret_access_key": "B", "aws_region": "r"}, {"aws_service": "s3", "aws_access_key": "A", "aws_secret_access_key": "B", "aws_region": "r", "disable_payload_signing": 1}, {}]

TWO_WORDS, THREE_WORDS = [WORDS, WORDS], [WORDS, WORDS, WORDS]
ARGS = {
    **{n: [NUMS, NUMS] for n in ("plus", "mul", "div", "rem", "minus")}, "and": [SETS, SETS], "or": [SETS, SETS],
    **{n: [NUMS] for n in ("abs", "ceil", "floor", "round")},
    **{n: [INTS, INTS] for n in ("bits.and", "bits.or", "bits.xor")}, **{n: [INTS, [0, 1, 2, 3, -1, 10, 64, 100, N("1.0")]] for n in ("bits.lsh", "bits.rsh")}, "bits.negate": [INTS],
    "format_int": [NUMS, [2, 8, 10, 16, 3, N("10.0")]], "to_number": [NUMS + JSONS + ["0x1", "+1", "1_0", ".5", "1.", "inf", "-inf", "1e309", "Infinity", "--1"]],
    "numbers.range": [[0, 1, 5, -3, 10, N("2.0"), 1.5], [0, 1, 5, -3, 10, N("2.0")]], "numbers.range_step": [[0, 1, 5, -3, 10], [0, 7, -9, 10], [1, 2, 3, 0, -1, 1.5, N("2.0")]],
    "count": [ANY], "max": [COLLECTIONS], "min": [COLLECTIONS], "sort": [COLLECTIONS], "sum": [NUMBER_LISTS], "product": [NUMBER_LISTS],
    "array.concat": [ARRAYS, ARRAYS], "array.flatten": [ARRAYS], "array.reverse": [ARRAYS], "array.slice": [ARRAYS, INTS, INTS],
    "intersection": [SETS + [S(S(1, 2), S(2, 3)), S(S(), S(1))]], "union": [SETS + [S(S(1, 2), S(2, 3))]],
    "object.get": [OBJECTS + ARRAYS, PATHS + ODD, ANY], "object.keys": [OBJECTS], "object.remove": [OBJECTS, STRING_LISTS + OBJECTS], "object.filter": [OBJECTS, STRING_LISTS + OBJECTS],
    "object.subset": [OBJECTS + COLLECTIONS, OBJECTS + COLLECTIONS], "object.union": [OBJECTS, OBJECTS], "object.union_n": [[[a, b] for a in OBJECTS for b in OBJECTS[:5]] + [[], [1]]],
    "json.filter": [OBJECTS, PATH_LISTS], "json.remove": [OBJECTS, PATH_LISTS], "json.patch": [OBJECTS + ARRAYS, PATCHES],
    "json.marshal": [ANY], "json.unmarshal": [JSONS], "json.is_valid": [JSONS], "json.marshal_with_options": [OBJECTS + ARRAYS, [{}, {"pretty": True}, {"indent": "  "}, {"prefix": ">"}, {"prefix": "#", "indent": "-"}, {"pretty": False, "indent": " "}, {"x": 1}, {"pretty": 1}, {"indent": 1}]],
    "yaml.marshal": [ANY], "yaml.unmarshal": [YAMLS + JSONS], "yaml.is_valid": [YAMLS + JSONS],
    "json.match_schema": [DOCUMENTS, SCHEMAS], "json.verify_schema": [SCHEMAS],
    "concat": [WORDS, STRING_LISTS], **{n: TWO_WORDS for n in ("contains", "endswith", "startswith", "indexof", "indexof_n", "split", "trim", "trim_left", "trim_right", "trim_prefix", "trim_suffix", "strings.count")},
    **{n: [WORDS] for n in ("lower", "upper", "trim_space", "strings.reverse", "base64.encode", "base64url.encode", "base64url.encode_no_pad", "hex.encode", "urlquery.encode", "crypto.md5", "crypto.sha1", "crypto.sha256", "glob.quote_meta")},
    "replace": THREE_WORDS, "strings.replace_n": [[{"a": "1"}, {"a": "b", "b": "a"}, {"ab": "X", "a": "Y"}, {"": "-"}, {}, {"X": ""}, {"\u65e5": "d"}, {"a": 1}], WORDS], "substring": [WORDS, INTS[:9], INTS[:9]], "strings.split_n": [WORDS, WORDS[:12], INTS[:9]],
    "sprintf": [FORMATS, FORMAT_ARGS], "strings.any_prefix_match": [STRING_LISTS + WORDS, STRING_LISTS + WORDS], "strings.any_suffix_match": [STRING_LISTS + WORDS, STRING_LISTS + WORDS], "strings.render_template": [TEMPLATES, VALUES],
    "regex.match": [PATTERNS, SUBJECTS + WORDS], "re_match": [PATTERNS, SUBJECTS], "regex.is_valid": [PATTERNS + WORDS], "regex.split": [PATTERNS, SUBJECTS + WORDS], "regex.find_n": [PATTERNS, SUBJECTS + WORDS, [-1, 0, 1, 2, -5]], "regex.find_all_string_submatch_n": [PATTERNS, SUBJECTS + WORDS, [-1, 0, 1, 2]],
    "regex.replace": [SUBJECTS + WORDS, PATTERNS, ["", "-", "<$1>", "${x}", "$0", "$$", "\\1", "\u65e5"]], "regex.template_match": [["urn:{.*}", "a{b+}c", "{", "}", "<x>", "a", "{[0-9]+}-{[a-z]*}", "x{}y"], ["urn:x", "abbc", "a", "12-ab", "xy", ""], ["{", "<", "a", "", "{{"], ["}", ">", "b", ""]], "regex.globs_match": [["a*", "b*", ".", "[a-z]+", "abc", "ab+c", ".*", "", "[0-9]", "a.b", "a\\*", "[", "(a|b)"]] * 2,
    "glob.match": [GLOBS, [None, [], ["/"], [".", "/"], [""], [":"]], WORDS + ["a/b", "a.b.c", "abc.com", "a", "b9", "axb"]],
    **{n: [ANY] for n in ("is_array", "is_boolean", "is_null", "is_number", "is_object", "is_set", "is_string", "type_name", "cast_array", "cast_set", "cast_string", "cast_boolean", "cast_null", "cast_object", "walk_count")},
    "any": [[[True, False], [False], [], S(True), S(), [1]]], "all": [[[True, False], [True], [], S(True), S(), [1]]], "set_diff": [SETS, SETS], "net.cidr_overlap": [ADDRESSES, ADDRESSES],
    "base64.decode": [BASE64S], "base64.is_valid": [BASE64S], "base64url.decode": [BASE64S], "hex.decode": [HEXES], "urlquery.decode": [QUERIES], "urlquery.decode_object": [QUERIES], "urlquery.encode_object": [OBJECTS + [{"a": ["1", "2"]}, {"a": S("x", "y")}, {"a b": "c&d"}, {"a": [1]}]],
    "uri.parse": [URIS + QUERIES], "uri.is_valid": [URIS + QUERIES],
    "time.add_date": [TIMES + [[0, "America/New_York"], [TIMES[7], "Europe/Berlin"]], [0, 1, -1, 10, 300], [0, 1, -13, 24], [0, 1, -31, 400, 1.5]], "time.clock": [ZONED], "time.date": [ZONED], "time.weekday": [ZONED], "time.diff": [ZONED, ZONED], "time.format": [FORMATTED],
    "time.parse_rfc3339_ns": [RFC3339], "time.parse_ns": [LAYOUTS, STAMPS], "time.parse_duration_ns": [DURATIONS],
    "units.parse": [BYTES], "units.parse_bytes": [BYTES], "semver.compare": [SEMVERS, SEMVERS], "semver.is_valid": [SEMVERS + ODD], "uuid.parse": [UUIDS],
    "net.cidr_contains": [ADDRESSES, ADDRESSES], "net.cidr_intersects": [ADDRESSES, ADDRESSES], "net.cidr_is_valid": [ADDRESSES], "net.cidr_expand": [SMALL_NETS], "net.cidr_merge": [NET_LISTS], "net.cidr_contains_matches": [MATCHED, MATCHED],
    "graph.reachable": [GRAPHS, STARTS], "graph.reachable_paths": [GRAPHS, STARTS],
    **{"crypto.hmac." + h: TWO_WORDS for h in ("md5", "sha1", "sha256", "sha512", "equal")},
    "crypto.parse_private_keys": [KEYS + CERTS[:1]], "crypto.x509.parse_rsa_private_key": [KEYS], "crypto.x509.parse_certificates": [CHAINS], "crypto.x509.parse_certificate_request": [CSRS + CERTS[:1]], "crypto.x509.parse_and_verify_certificates": [CHAINS], "crypto.x509.parse_and_verify_certificates_with_options": [CHAINS, X509_OPTIONS], "crypto.x509.parse_keypair": [CERTS, KEYS],
    "io.jwt.decode": [JWTS], "io.jwt.decode_verify": [JWTS, CONSTRAINTS], **{"io.jwt.verify_" + a: [JWTS, JWT_KEYS] for a in ("hs256", "hs384", "hs512", "rs256", "rs384", "rs512", "ps256", "ps384", "ps512", "es256", "es384", "es512", "eddsa")},
    "io.jwt.encode_sign": [HEADERS, CLAIMS, JWKS + [json.loads(k) for k in F["private_jwks"]]], "io.jwt.encode_sign_raw": [[json.dumps(h) for h in HEADERS] + ["", "{", "x"], [json.dumps({"a": 1}), "x", "", "{}"], [json.dumps(k) for k in JWKS] + F["private_jwks"] + ["", "x"]],
    "providers.aws.sign_req": [AWS_REQUESTS, AWS_CONFIGS, [1451606400000000000, 0, -1, 1.5, N("1e18")]],
    "graphql.is_valid": [GQL_QUERIES + GQL_TREES, GQL_SCHEMAS + GQL_SCHEMA_TREES], "graphql.parse": [GQL_QUERIES + GQL_TREES, GQL_SCHEMAS + GQL_SCHEMA_TREES], "graphql.parse_and_verify": [GQL_QUERIES + GQL_TREES, GQL_SCHEMAS + GQL_SCHEMA_TREES], "graphql.parse_query": [GQL_QUERIES], "graphql.parse_schema": [GQL_SCHEMAS], "graphql.schema_is_valid": [GQL_SCHEMAS + GQL_SCHEMA_TREES],
    "rego.parse_module": [["a.rego"], REGO_TEXTS],
    "internal.member_2": [ANY, COLLECTIONS + OBJECTS], "internal.member_3": [[0, 1, "a", "b", None], ANY, COLLECTIONS + OBJECTS], "internal.template_string": [[["a", S(1)], [S()], [1, None, True], [[1]], [S("x", "y")], [], [S([1, "a"])]]],
    "trace": [WORDS], "equal": [ANY, ANY], "neq": [ANY, ANY], "lt": [ANY, ANY], "lte": [ANY, ANY], "gt": [ANY, ANY], "gte": [ANY, ANY],
}
# Deprecated ones do not compile in Rego v1; walk_count is not one.
SKIPPED = {"walk_count", "any", "all", "set_diff", "net.cidr_overlap", "re_match", "cast_array", "cast_set", "cast_string", "cast_boolean", "cast_null", "cast_object"}
# Answers that differ each time, since they are signed with a random number, or cost OPA seconds.
MANY = {"sprintf": 900, "time.format": 300, "glob.match": 300, "graphql.is_valid": 350, "graphql.parse": 350, "json.match_schema": 500, "strings.render_template": 200, "regex.replace": 200, "json.patch": 250, "object.get": 250}


def size(pools):
    n = 1
    for p in pools:
        n *= len(p)
    return n


def generated():
    rng = random.Random(SEED)
    for name in sorted(ARGS):
        if name in SKIPPED:
            continue
        pools = ARGS[name]
        total = size(pools)
        want = min(MANY.get(name, 110), total)
        seen = set()
        # Small products are tried whole.
        if total <= want * 2:
            for i in range(total):
                args = []
                for pool in pools:
                    i, j = divmod(i, len(pool))
                    args.append(pool[j])
                yield name, args
        else:
            for _ in range(want * 3):
                picks = tuple(rng.randrange(len(p)) for p in pools)
                if picks in seen:
                    continue
                seen.add(picks)
                yield name, [p[i] for p, i in zip(pools, picks)]
                if len(seen) == want:
                    break
        # One argument of any kind at a time.
        for at in range(len(pools)):
            for odd in ODD:
                args = [p[rng.randrange(len(p))] for p in pools]
                args[at] = odd
                yield name, args
