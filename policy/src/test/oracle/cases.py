"""Calls whose answers record.py writes down. Python values stand for JSON; S(...) is a set, N("1e6") a number text."""

import itertools


class S:
    def __init__(self, *items):
        self.items = list(items)


class N:
    def __init__(self, text):
        self.text = text


def pairs(values):
    return [list(p) for p in itertools.product(values, repeat=2)]


def each(values):
    return [[v] for v in values]


WEIRD = [None, True, 1, "x", [1], {"a": 1}]
NUMBERS = [0, 1, -1, 7, 0.5, -2.5, 0.1, 0.2, 1.5e10, 1e-7, 9223372036854775807, -9223372036854775808,
           18446744073709551617, 123456.789, 3]
TEXTS = ["", "a", "abc", "aXbXc", "  pad\t\n", "h\u00e9llo w\u00f6rld", "\u65e5\u672c\u8a9e", "\U0001f600a\U0001f600", "aaa",
         "\u00a0x\u3000", "a\"b\\c", "tab\there", "\u0001"]
FLOATS = [0.0001, 0.00001, 1e20, 1e21, 123456789.0, 1.0, 0.1, 2.5, 3.14159, -0.75, 1e100, 5e-324]
VERBS = ["%v", "%d", "%s", "%x", "%X", "%q", "%f", "%t", "%e", "%g", "%b", "%o", "%c", "%U", "%T", "%5d", "%-5d|", "%05d", "%+d",
         "% d", "%.2f", "%8.3f", "%-8.2f|", "%08.2f", "%+.1e", "%10s", "%-10s|", "%.2s", "%#x", "%#v", "%#q", "%+q", "%z", "%",
         "%%", "%[1]v", "%[2]v", "%[1]d %[1]v", "%[x]d", "%*d", "%.*f", "%!", "%6.2f%%", "%.3d", "%.0f", "%O", "%#o", "% x", "%#g",
         "%.3g", "%G", "%E", "%03s"]
SPRINTF_ARGS = [[], [1], [-42], [255], [1.5], [3.0], ["hi"], ["\u00e9\u65e5"], [True], [None], [[1, "a"]], [{"a": 1}],
                [18446744073709551616], [1, 2], [5, 1.25], [1e100]]

CIDRS = ["10.0.0.0/8", "10.1.2.3/24", "192.168.1.0/30", "0.0.0.0/0", "2001:db8::/32", "::1/128", "fe80::/10", "10.0.0.1/32",
         "::ffff:10.0.0.0/104", "1.2.3.4", "bad", "10.0.0.0/33", "010.0.0.0/8", "10.0.0/8", "2001:db8::/129", "10.0.0.0/08", "1::2::3/64"]

LAYOUTS = ["RFC3339", "RFC1123", "RFC1123Z", "RFC822", "RFC822Z", "RFC850", "ANSIC", "UnixDate", "RubyDate", "RFC3339Nano", "2006-01-02",
           "15:04", "3:04PM", "Jan _2, 2006 at 3:04pm (MST)", "Monday 02-Jan-06", "2006-002", "02/01/06 15:04:05.000", "15h4m5s",
           "2006-01-02T15:04:05Z0700", "06.1.2 03:04:05,999", "20060102", "Z07", "-07", "2006-01-02 15:04:05 -0700 MST"]
MOMENTS = [0, 1795168800000000000, 1582977600123456789, -1, 951782400000000000, 1700000000100000000]
ZONES = ["", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Nowhere/Land"]

PATTERNS = ["a", "a*", "[ab]+", "(a)(b)?", "^a", "a$", "(?i)A", r"\d+", "(?P<x>a)", ".", "", "x*", r"\bw", "(", "[a", "a{2,3}", r"\p{L}+",
            "a|b", "a**", r"\pZ", "(?s).", "[[:alpha:]]+"]
SUBJECTS = ["", "a", "ab", "aab ba", "A1b22", "h\u00e9llo w\u00f6rld", "\U0001f600x", "a\nb", "xaxbx"]

GLOBS = ["*", "**", "a*", "*c", "a?c", "[abc]", "[!abc]", "[a-c]x", "[!a-c]x", "{a,b}", "{a*,b?}c", "{a,{b,c}}d", r"\*", "a.*", "a.**", "*.b.*", "**.c",
         "*a*b*", "a{,x}b", "", "[", "[]", "{a", "}", "a\\", "a/*", "a/**/c", "*[0-9]", "[a-]x", "[abc-e]", "?", "{}", "a,b", "[z-a]", "*.{com,org}", "[^a]"]
GLOB_TEXTS = ["", "a", "abc", "a.b.c", "a.b", "a/b", "a/b/c", "ax", "bx", "fc", "*", "ab", "bd", "d", "x.com", "a5", ".", "a,b", "\u00e9", "abcabc.c"]

WALKED = {"a": [1, {"b": None}], "c": "x"}
GRAPH = {"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": []}

YAMLS = ["a: 1", "- 1\n- x", "a: yes\nb: on\nc: ~\nd: 0x1f\ne: 017\nf: 1_000\ng: 1e3\nh: .5", "a: &x [1]\nb: *x", "x: |\n  l1\n  l2\n", "x: >\n  f\n  g\n", "{a: 1, b: [c]}",
         "a: 2020-01-01\nb: 12:30:45", "a: b: c", "[1, 2", "", "a: 'it''s'\nb: \"q\\n\"", "1: a\ntrue: b", "a: 1\na: 2", "a: .inf",
         "--- 1\n--- 2\n", "base: &b {x: 1, y: 2}\nd:\n  <<: *b\n  y: 3", "a: !!str 12", "a: 1.0\nb: 1.50\nc: -0.0", "# only", "a: \"\\u263a\"", "? a\n: b",
         "a:\n  - b\n  -\n    c: d", "\ta: 1", "a: 123456789012345678901234567890", "s: @x", "k: 'a: b # c'"]
MARSHALLED = [1, 1.5, "x", "", "a: b", "yes", "null", "12", "a\nb", "a\nb\n", [], {}, [1, [2, [3]], {"a": {"b": []}}], {"b": 1, "a": [1, 2], "c": {"d": None}},
              {"10": 1, "9": 2, "a": 3, "A": 4, "a10": 5, "a9": 6, "_": 7}, "<a&b>\u2028", {"k: v": "- x", "t": True}, "#x", " x", "x ", "'", "\"", "!x", "&x", "*x",
              "a#b", "a #b", "2020-01-01", "1e3", "0x1", "~", "-", "- a", "-a", "?", "? a", ":", ":a", "a:", "[a]", "{a}", "a,b", "@a", "`a", "%a", "|", ">",
              "\u00e9", "tab\tx", "\u0001", "true", "on", "1_000", "12:30:45", ".5", "1.", "=", "<<", "...", "---", 1e21, 1e-7, 12345678901234567890, 100000000.5]

UNITS = ["0", "1", "10k", "10K", "10Ki", "10ki", "10kI", "1m", "1M", "1Mi", "1mi", "1mI", "1.5G", "0.5g", "1T", "1P", "1E", "1Ei", "1e3", "1E3", "1e3k", "1e-3", "1e", "1 k", "", "k",
         "\"10K\"", "1.2.3", "-1k", "+5", "1x", "10kb", "10KB", "10KiB", "10kib", "1b", "1MB", "5eb", "1eib", "1e1234567", "0.0005", "0.1m", "1mb", ".5k", "1ee3", "99999999999999999999Ki", "1.00001Ki"]

SEMVERS = ["1.2.3", "v1.2.3", "1.2", "1.2.3-alpha", "1.2.3-alpha.1", "1.2.3-alpha.10", "1.2.3-alpha.beta", "1.2.3+build", "1.2.3-01", "01.2.3", "1.2.3-", "1.2.3+", "", "1.10.0",
           "99999999999999999999.0.0", "1.2.3-a.b.c+d.e", "1.2.3-0", "a.b.c", "1.2.3.4", "-1.2.3"]

URIS = ["https://user:pw@example.com:8080/a/b%20c?q=1&r=2#frag", "http://[::1]:80/", "mailto:a@b.c", "/rel/path?x", "a:b:c", "", "http://h/%zz", "//host/path", "http://a b/",
        "http://h:x/", "HTTP://Host/", "a b", "http://h/a%2Fb", "?q", "#f", "http://[::1", ":x", "file:///etc/passwd", "urn:isbn:123", "http://h/\u00e9", "1http://x", "http://h?x#y?z"]

CASES = {
    "plus": pairs(NUMBERS) + [["a", 1], [S(1), 1]],
    "minus": pairs(NUMBERS) + [[S(1, 2), S(2)], [S(1), 1], [1, S(1)], ["a", 1]],
    "mul": pairs(NUMBERS),
    "div": pairs(NUMBERS),
    "rem": pairs(NUMBERS),
    "and": [[S(1, 2), S(2, 3)], [S(1), S()], [S(), 1]],
    "or": [[S(1, 2), S(2, 3)], [S(), S(1)]],
    "abs": each(NUMBERS),
    "round": each(NUMBERS + [2.4, 2.6, -2.4, 1e300]),
    "ceil": each(NUMBERS + [2.4, -2.4]),
    "floor": each(NUMBERS + [2.4, -2.4]),
    "count": each(WEIRD + TEXTS) + [[S(1, 2)]],
    "sum": each([[], [1, 2], [1.5, 2], [0.1, 0.2], [9223372036854775807, 1], ["a"], [0.1, 0.2, 0.3, 1e20], {"a": 1}]) + [[S(1, 2.5)]],
    "product": each([[], [1, 2], [1.5, 2], [0.1, 3], [1.1, 1.1], [9223372036854775807, 2], ["a"]]) + [[S(2, 0.5)]],
    "max": each([[], [1, 3, 2], ["a", 1, None], [[1], [1, 2]], "x"]) + [[S(1, "a")]],
    "min": each([[], [1, 3, 2], ["a", 1, None], [[1], [1, 2]], {}]) + [[S()]],
    "sort": each([[], [3, 1, 2, 1], [None, True, False, "b", "a", [1], {"a": 1}, 0.5, -1], ["\uffff", "\U0001f600", "a"], "x"]) + [[S(3, 1)]],
    "array.concat": [[[1], [2]], [[], []], [[1], "x"]],
    "array.flatten": each([[[1, 2], 3, [[4]]], [], "x"]),
    "array.reverse": each([[1, 2, 3], [], "x"]),
    "array.slice": [[[1, 2, 3], 0, 2], [[1, 2, 3], -1, 5], [[1, 2, 3], 2, 1], [[1], 1.5, 2], [[1, 2, 3], 1, 3], [[1, 2, 3], 0, N("1.0")]],
    "intersection": [[S(S(1, 2), S(2, 3))], [S()], [S(S(1), S(2))]],
    "union": [[S(S(1, 2), S(2, 3))], [S()]],
    "object.get": [[{"a": {"b": 1}}, "a", 0], [{"a": {"b": 1}}, ["a", "b"], 0], [{"a": [10, 20]}, ["a", 1], 0], [{"a": [10]}, ["a", 5], 0], [{"a": 1}, "z", {"d": 1}],
                   [{"a": 1}, [], 9], ["x", "a", 0], [{"a": S("q")}, ["a", "q"], 0], [{"a": None}, "a", 1]],
    "object.keys": each([{"a": 1, "b": 2}, {}, [1]]),
    "object.union": [[{"a": 1}, {"b": 2}], [{"a": {"x": 1, "y": 2}}, {"a": {"x": 5}}], [{"a": {"x": 1}}, {"a": 2}], [{"a": 1}, 5], [{}, {"a": 1}]],
    "object.union_n": each([[{"a": 1}, {"b": 2}, {"a": 3}], [], [{"a": {"b": 2}}, {"a": 4}, {"a": {"c": 3}}], [1], [{"a": 1}]]),
    "object.remove": [[{"a": 1, "b": 2}, ["a"]], [{"a": 1, "b": 2}, {"a": 9}], [{"a": 1}, S("a")], [{"a": 1}, "a"], [{"a": {"b": 1}}, ["b"]]],
    "object.filter": [[{"a": 1, "b": 2}, ["a"]], [{"a": 1, "b": 2}, {"a": 9}], [{"a": 1}, S("z")], [{"a": 1}, "a"]],
    "object.subset": [[{"a": 1, "b": {"c": [1, 2, 3]}}, {"b": {"c": [2, 3]}}], [{"a": 1}, {"a": 2}], [[1, 2, 3], [2, 3]], [[1, 2, 3], [1, 3]], [[1, 2], S(1)], [[], S()], [S(1, 2), S(1)], [{"a": 1}, [1]],
                      [[1, 2, 1, 2, 3], [1, 2, 3]], [[1, 1, 2, 1, 1, 3], [1, 1, 3]], [{"a": S(1, 2)}, {"a": S(1)}], [[1, 2], []], [[[1, 2]], [[1]]]],
    "json.filter": [[{"a": {"b": 1, "c": 2}, "d": 3}, ["a/b"]], [{"a": {"b": 1, "c": 2}, "d": 3}, ["/a/b", "d"]], [{"a": [1, 2, {"x": 1, "y": 2}]}, ["a/2/x", "a/0"]], [{"a": 1}, [["a"]]],
                    [{"a": 1}, []], [{"a": 1}, [""]], [{"a/b": 1, "m~n": 2}, ["a~1b", "m~0n"]], [{"a": 1}, "a"], [{"a": 1}, [1]], [{"a": {"b": 1}}, ["a", "a/b"]], [{"a": {"b": 1}}, ["a/b", "a"]], [{"a": {"b": {"c": 1}}}, [["a", "b"]]]],
    "json.remove": [[{"a": {"b": 1, "c": 2}, "d": 3}, ["a/b"]], [{"a": [1, 2, 3]}, ["a/1"]], [{"a": 1}, ["b"]], [{"a": {"b": 1}}, ["a"]], [{"a": 1}, [["a"]]], [{"a": 1}, "x"], [{"a": [1, 2, 3]}, ["a/0", "a/2"]], [{"a": 1}, [""]]],
    "json.patch": [[{"a": 1}, [{"op": "add", "path": "b", "value": 2}]], [{"a": 1}, [{"op": "remove", "path": "/a"}]], [{"a": [1, 2]}, [{"op": "add", "path": "/a/1", "value": 9}]], [{"a": [1, 2]}, [{"op": "add", "path": "/a/-", "value": 9}]],
                   [{"a": [1, 2]}, [{"op": "remove", "path": "/a/0"}]], [{"a": [1, 2]}, [{"op": "replace", "path": "/a/0", "value": 7}]], [{"a": 1}, [{"op": "move", "from": "a", "path": "b"}]], [{"a": 1}, [{"op": "copy", "from": "a", "path": "b"}]],
                   [{"a": 1}, [{"op": "test", "path": "a", "value": 1}]], [{"a": 1}, [{"op": "test", "path": "a", "value": 2}]], [{"a": 1}, [{"op": "remove", "path": "z"}]], [{"a": 1}, [{"op": "zap", "path": "a"}]], [{"a": 1}, [{"path": "a"}]], [{"a": 1}, [{"op": "add", "path": "b"}]],
                   [{"a": 1}, [{"op": "add"}]], [{"a": [1]}, [{"op": "add", "path": "/a/5", "value": 1}]], [{"a": [1]}, [{"op": "add", "path": "/a/01", "value": 1}]], [{"a": 1}, [{"op": "add", "path": "/a/b", "value": 1}]], [[1, 2], [{"op": "add", "path": "0", "value": 0}]],
                   [{"a": 1}, [{"op": "replace", "path": "", "value": 5}]], [{"a": S(1)}, [{"op": "add", "path": ["a", 2], "value": 2}]], [{"a": S(1)}, [{"op": "remove", "path": ["a", 1]}]], [{"a": 1}, [1]], [{"a": 1}, "x"], [{"a": {"b": {"c": 1}}}, [{"op": "replace", "path": "/a/b/c", "value": 2}]],
                   [{"a": {}}, [{"op": "add", "path": "/a/b/c", "value": 2}]], [{"a": [1, 2, 3]}, [{"op": "move", "from": "/a/0", "path": "/a/2"}]], [5, [{"op": "replace", "path": "", "value": 6}]]],
    "concat": [[",", ["a", "b"]], ["", []], [",", S("b", "a")], [",", [1]], [1, ["a"]], [",", "x"], ["--", ["x", "y", "z"]]],
    "contains": [["abc", "b"], ["abc", ""], ["abc", "z"], [1, "a"]],
    "startswith": [["abc", "a"], ["abc", ""], ["abc", "z"], ["a", 1]],
    "endswith": [["abc", "c"], ["abc", ""], ["abc", "z"]],
    "indexof": [["abc", "c"], ["\u65e5\u672c\u8a9e", "\u8a9e"], ["abc", "z"], ["abc", ""], ["\U0001f600a", "a"]],
    "indexof_n": [["aXbX", "X"], ["aaa", "aa"], ["\u00e9a\u00e9a", "a"], ["abc", "z"], ["abc", ""]],
    "lower": each(TEXTS + ["\u0130", "\u03a3\u03a3", "ABC\u00c9", "\u1e9e"]),
    "upper": each(TEXTS + ["\u00df", "\u01c6", "abc\u00e9", "\ufb01"]),
    "replace": [["aXbX", "X", "-"], ["abc", "", "-"], ["abc", "z", "-"], ["aaa", "aa", "b"], ["\u00e9", "", "."], ["aXb", "X", ""]],
    "strings.replace_n": [[{"a": "1", "b": "2"}, "aabbc"], [{"ab": "X", "a": "Y"}, "abaa"], [{"": "-", "b": "B"}, "abc"], [{"a": 1}, "a"], [{}, "abc"], [{"a": "b", "b": "a"}, "ab"]],
    "split": [["a,b,c", ","], ["abc", ""], ["", ","], ["", ""], ["a,,b", ","], [",", ","], ["h\u00e9\U0001f600", ""], ["a::b", "::"]],
    "strings.split_n": [["a,b,c", ",", 2], ["a,b,c", ",", 0], ["a,b,c", ",", -1], ["a,b,c", ",", -2], ["a,b,c", ",", 10], ["abc", "", 2], ["", ",", 1], ["a,b", ",", -5], ["a,b", ",", 1.5]],
    "sprintf": [[v, a] for v in VERBS for a in SPRINTF_ARGS] + [["%v", [f]] for f in FLOATS] + [["%g %.3g %.10g %e %.0e %f", [f] * 6] for f in FLOATS]
               + [["%6.2f|%-9.3e|%+g|% g|%010.3f", [f] * 5] for f in FLOATS] + [[1, []], ["%d", "x"]],
    "strings.any_prefix_match": [["abc", "a"], [["x", "abc"], ["q", "ab"]], ["abc", ["x"]], [S("a"), S("a")], [1, "a"], ["a", 1], ["a", [1]], [[], ["a"]]],
    "strings.any_suffix_match": [["abc", "c"], [["x", "abc"], ["q", "bc"]], ["abc", ["x"]]],
    "strings.count": [["cheese", "e"], ["abc", ""], ["aaa", "aa"], ["h\u00e9", ""]],
    "strings.reverse": each(TEXTS),
    "substring": [["abcdef", 1, 2], ["abcdef", 1, -1], ["abcdef", 10, 1], ["abcdef", -1, 1], ["\u65e5\u672c\u8a9e", 1, 1], ["", 0, 1], ["abc", 0, 100], ["\U0001f600ab", 1, 1], ["abc", 1, 9223372036854775807], ["abc", 0.5, 1]],
    "trim": [["xxaxx", "x"], ["abc", ""], ["\u00e9a\u00e9", "\u00e9"], ["abcba", "ab"]],
    "trim_left": [["xxaxx", "x"], ["abc", "ab"]],
    "trim_right": [["xxaxx", "x"], ["abc", "bc"]],
    "trim_space": each(TEXTS + ["\u0085x\u2003", "\u200bx"]),
    "trim_prefix": [["abc", "ab"], ["abc", "x"]],
    "trim_suffix": [["abc", "bc"], ["abc", "x"]],
    "format_int": [[10, 2], [255, 16], [-255, 16], [8, 8], [15.9, 16], [-15.9, 10], [18446744073709551617, 16], [1, 3], [0, 2], ["x", 2]],
    "regex.match": [[p, s] for p in PATTERNS for s in SUBJECTS],
    "regex.find_n": [[p, s, n] for p in PATTERNS for s in SUBJECTS for n in (-1, 2, 0)],
    "regex.find_all_string_submatch_n": [[p, s, -1] for p in PATTERNS for s in SUBJECTS],
    "regex.split": [[p, s] for p in PATTERNS for s in SUBJECTS],
    "regex.replace": [[s, p, r] for p in PATTERNS for s in SUBJECTS for r in ("-", "<$1>", "${x}$$", "$x1", "$")],
    "regex.is_valid": each(PATTERNS + [1, "a{1001}", "(?P<n", "\\", "(?<n>a)", "a{,5}", "(a{500}){3}", r"\C", r"(?=a)", r"\Qa\E", r"\x{10FFFF}"]),
    "regex.template_match": [["urn:foo:{.*}", "urn:foo:bar:baz", "{", "}"], ["urn:foo:<.*>", "urn:foo:bar", "<", ">"], ["a{", "a", "{", "}"], ["a}", "a", "{", "}"], ["x{[0-9]+}y", "x12y", "{", "}"], ["a", "a", "{{", "}"], ["a.b", "axb", "{", "}"], ["{(}", "x", "{", "}"]],
    "regex.globs_match": pairs(["a.a.[0-9]+z", "b.b.[1-9]*", "a*", "b*", ".", "[a-z]+", "abc", "ab+c", ".*", "", "[0-9]"]),
    "glob.match": [[g, d, t] for g in GLOBS for d in (None, [], ["/"]) for t in GLOB_TEXTS] + [["a", ["ab"], "a"], ["a", "x", "a"], ["a", [1], "a"]],
    "glob.quote_meta": each(["*.github.com", "[a]{b,c}?\\!-"]),
    "is_number": each(WEIRD), "is_string": each(WEIRD), "is_boolean": each(WEIRD), "is_array": each(WEIRD), "is_object": each(WEIRD), "is_null": each(WEIRD), "is_set": each(WEIRD) + [[S(1)]],
    "type_name": each(WEIRD) + [[S(1)]],
    "to_number": each(WEIRD[:4] + ["1", "-1.5", "1e3", "abc", "", " 1", "1 ", "0x10", "inf", "NaN", "1_0", "1e400", "-0", "0.10", {"a": 1}, False]),
    "base64.encode": each(["", "a", "hello?>", "\u00e9"]), "base64url.encode": each(["", "a", "hello?>", "\u00e9"]), "base64url.encode_no_pad": each(["", "a", "hello?>"]),
    "base64.decode": each(["", "YQ==", "aGVsbG8/Pg==", "YQ=", "YQ", "Y", "!!!!", "YQ==x", "Y\nQ==", "YWJj", "YQ=a", "====", "aGVsbG8_Pg=="]),
    "base64url.decode": each(["", "YQ==", "YQ", "aGVsbG8_Pg", "Y", "YWI", "a+b="]),
    "base64.is_valid": each(["YQ==", "YQ", "", 1, "a b="]),
    "hex.encode": each(["", "abc\u00e9"]), "hex.decode": each(["", "616263", "6", "zz", "6162ZZ", "C3A9"]),
    "urlquery.encode": each(["a b&c=d/\u00e9~*'()", ""]), "urlquery.decode": each(["a+b%26c", "%zz", "%", "%e9%", "a%20b"]),
    "urlquery.encode_object": each([{"a": "1", "b": ["2", "3"]}, {}, {"a": 1}, {"a b": "c&d"}, {"a": [1]}]) + [[{"s": S("y", "x")}]],
    "urlquery.decode_object": each(["a=1&b=2&a=3", "", "a", "a=1;b=2", "%zz=1", "a=%20+&&b", "=x"]),
    "json.marshal": each(MARSHALLED + WEIRD) + [[S(2, 1)]],
    "json.marshal_with_options": [[{"a": [1, {}], "b": {}}, {"pretty": True}], [{"a": 1}, {"indent": "  "}], [{"a": 1}, {"prefix": ">", "indent": " "}], [{"a": 1}, {"pretty": False, "indent": " "}], [{"a": 1}, {}], [{"a": 1}, {"x": 1}], [{"a": 1}, {"pretty": 1}], [[1, 2], {"prefix": "#"}], ["x", {"pretty": True}], [{"a": 1}, {"indent": 4}]],
    "json.unmarshal": each(["1", "{\"a\": [1, 2.50, null]}", "[1", "", "\"\\ud83d\\ude00\"", "1.0", "1e5", " 1 ", "-0", "{\"a\":1,\"a\":2}", "tru", "\"\\ud800\""]),
    "json.is_valid": each(["1", "{", "", 1, "[1,]", "nul", "01", "\"a\"", "\"\t\""]),
    "yaml.unmarshal": each(YAMLS), "yaml.is_valid": each(YAMLS + [1]), "yaml.marshal": each(MARSHALLED + WEIRD),
    "bits.and": [[12, 10], [-1, 255], [1.5, 1], [2**70, 2**70 - 1]], "bits.or": [[12, 10], [-8, 3]], "bits.xor": [[12, 10], [-8, 3]], "bits.negate": each([0, 5, -6, 1.5, "x"]),
    "bits.lsh": [[1, 10], [1, -1], [-3, 2], [1, 100]], "bits.rsh": [[1024, 3], [-5, 1], [1, -1], [1, 100]],
    "numbers.range": [[1, 5], [5, 1], [3, 3], [1.5, 3], ["a", 1], [N("1.0"), 3], [9223372036854775806, 9223372036854775808]], "numbers.range_step": [[1, 10, 3], [10, 1, 4], [1, 5, 0], [1, 5, -1], [1, 5, 1.5], [0, 0, 7]],
    "units.parse": each(UNITS), "units.parse_bytes": each(UNITS),
    "semver.compare": pairs(SEMVERS), "semver.is_valid": each(SEMVERS + [1]),
    "uuid.parse": each(["00000000-0000-0000-0000-000000000000", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "urn:uuid:6ba7b810-9dad-11d1-80b4-00c04fd430c8", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}", "6ba7b8109dad11d180b400c04fd430c8", "000003e8-cbb9-21ea-b201-00045a86c8a1", "00000000-cbb9-21ea-b201-00045a86c8a1", "x", "6ba7b810-9dad-41d1-c0b4-00c04fd430c8", "6ba7b810-9dad-71d1-e0b4-00c04fd430c8", "6ba7b810-9dad-71d1-00b4-00c04fd430c8"]),
    "time.parse_rfc3339_ns": each(["2026-11-20T10:00:00Z", "2026-11-20T10:00:00.123456789+01:00", "2026-11-20", "2026-13-20T10:00:00Z", "1500-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-20T10:00:00", "2026-11-20t10:00:00z", "2026-11-20T10:00:00,5Z", "2024-02-29T23:59:60Z", "2026-11-20T24:00:00Z", "2026-11-20T1:00:00Z", "2026-11-20T10:00:00+25:00", "2026-11-20T10:00:00Zx"]),
    "time.parse_ns": [["RFC1123", "Fri, 20 Nov 2026 10:00:00 GMT"], ["2006-01-02", "2026-11-20"], ["2006-01-02", "2026-11-2"], ["Jan _2 2006", "Nov  5 2026"], ["3:04PM", "11:15AM"], ["3:04PM", "12:15AM"], ["2006-01-02 MST", "2026-11-20 PST"], ["2006-01-02 15:04:05", "2026-11-20 10:00:00.25"], ["2006-002", "2026-100"], ["02 January 2006", "20 november 2026"], ["Monday, 02-Jan-06", "Friday, 20-Nov-26"], ["RFC822Z", "20 Nov 26 10:00 -0700"], ["2006-01-02 15:04 MST", "2026-11-20 10:00 GMT+3"], ["15:04:05.000", "10:00:00.12"], ["15:04:05.999", "10:00:00"], ["2006-01-02T15:04:05Z0700", "2026-11-20T10:00:00+0130"], ["06", "69"], ["06", "68"], ["2006 x", "2026 y"], ["1/2/2006", "2/30/2026"]],
    "time.parse_duration_ns": each(["1h", "1h30m", "-1.5s", "100ms", "1us", "1\u00b5s", "", "1", "x", "1x", "0", "1d", "1w2d", "1y", "1.5d", "-2w", "h", "1h 2m", ".5s", "5.s", "300y", "1d-1h", "+1m", "1dx"]),
    "time.format": [[[m, "Europe/Berlin", l]] for l in LAYOUTS for m in MOMENTS] + [[m] for m in MOMENTS] + [[[m, z]] for m in MOMENTS for z in ZONES] + [[[]], ["x"], [["x"]], [[1, 2]], [1e30], [[1, "UTC", 3]]],
    "time.date": [[m] for m in MOMENTS] + [[[m, z]] for m in MOMENTS for z in ZONES],
    "time.clock": [[m] for m in MOMENTS] + [[[m, z]] for m in MOMENTS for z in ZONES],
    "time.weekday": [[m] for m in MOMENTS] + [[[m, z]] for m in MOMENTS for z in ZONES],
    "time.add_date": [[0, 1, 1, 1], [1582977600123456789, 1, 0, 0], [951782400000000000, 0, 1, 1], [0, 300, 0, 0], [0, -400, 0, 0], [1706659200000000000, 0, 1, 0], [0, 0, 0, 40], [0, 0, -13, 0], [[0, "America/New_York"], 0, 6, 0], [0, 1.5, 0, 0], [1706659200000000000, 0, -2, 31]],
    "time.diff": pairs(MOMENTS) + [[[0, "Asia/Kolkata"], 1582977600123456789], [1706659200000000000, 1709251200000000000], [1706745599000000000, 1709164800000000000]],
    "net.cidr_contains": pairs(CIDRS), "net.cidr_intersects": pairs(CIDRS[:9]), "net.cidr_is_valid": each(CIDRS + [1]),
    "net.cidr_expand": each(["192.168.0.0/30", "10.0.0.5/31", "2001:db8::/126", "bad", "1.1.1.1/32"]),
    "net.cidr_merge": each([["192.0.128.0/24", "192.0.129.0/24"], ["10.0.0.0/8", "10.1.0.0/16"], ["10.0.0.1", "1.1.1.1/32"], [], ["bad"], ["2001:db8::/33", "2001:db8:8000::/33"], ["::1"], ["10.0.0.0/25", "10.0.0.128/25", "10.0.1.0/24", "10.0.3.0/24"], ["1.0.0.0/24", "2001:db8::/32"], [1], "x", ["0.0.0.0/1", "128.0.0.0/1"]]),
    "net.cidr_contains_matches": [["1.1.1.0/24", "1.1.1.128"], [["1.1.1.0/24", "1.1.2.0/24"], "1.1.1.128"], [[["1.1.0.0/16", "foo"], "1.1.2.0/24"], ["1.1.1.128", ["1.1.254.254", "bar"]]], [{"x": "1.1.0.0/16"}, ["1.1.1.1"]], [[[]], "1.1.1.1"], [[1], "1.1.1.1"], [S("1.1.1.0/24"), S("1.1.1.1", "2.2.2.2")]],
    "crypto.md5": each(["", "abc", "\u00e9"]), "crypto.sha1": each(["", "abc"]), "crypto.sha256": each(["", "abc", 1]),
    "crypto.hmac.md5": [["msg", "key"], ["", ""]], "crypto.hmac.sha1": [["msg", "key"]], "crypto.hmac.sha256": [["msg", "key"]], "crypto.hmac.sha512": [["msg", "key"]], "crypto.hmac.equal": [["a", "a"], ["a", "b"]],
    "graph.reachable": [[GRAPH, ["a"]], [GRAPH, S("d")], [GRAPH, ["z"]], [GRAPH, "x"], [{"a": None}, ["a"]]],
    "graph.reachable_paths": [[GRAPH, ["a"]], [GRAPH, ["d"]], [{"a": ["b", "z"], "b": []}, ["a"]], [GRAPH, ["z"]], [{"a": ["a"]}, ["a"]], [GRAPH, ["a", "b"]]],
    "uri.parse": each(URIS), "uri.is_valid": each(URIS + [1]),
}
