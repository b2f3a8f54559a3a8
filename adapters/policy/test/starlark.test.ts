import { expect, test } from "bun:test"
import { check, PolicyFileError, readPolicy } from "../src/execpolicy/index.ts"

const policy = (source: string) => readPolicy([{ name: "a.rules", source }])

function refusal(source: string): string {
  try {
    policy(source)
  } catch (error) {
    if (error instanceof PolicyFileError) return `${error.message} / ${error.detail}`
    throw error
  }
  return "it loaded"
}

/** The patterns that a file gives. */
const patterns = (source: string) =>
  policy(source).prefixes.map(({ pattern }) => pattern.map((choice) => choice.join("|")).join(" "))

test("a policy is written with variables, loops, functions, conditions and comprehensions", () => {
  expect(
    patterns(`
# comment
GIT = ["git"]  # another
for verb in ["status", "diff"]:
    prefix_rule(pattern = GIT + [verb],)
def each(names, program = "npm"):
    for name in names:
        if name == "skip":
            continue
        elif name in ("stop", "end"):
            return None
        else:
            prefix_rule(pattern=[program, name])
each(["test", "skip", "build", "stop", "never"])
[prefix_rule(pattern=["cargo", c]) for c in ["check", "test"] if c != "test"]
T = {"a": ["x", "y"]}
prefix_rule(pattern=["make", T["a"]])
prefix_rule(pattern=["b" + "un", "%s" % "run", "{}-{}".format("a", 1), " ".join(["p", "q"])[0:1]])
x, y = "go", 'vet'; prefix_rule(pattern=[x, y])
prefix_rule(**{"pattern": ["spread"]})
prefix_rule(pattern=["a" if not False and 1 < 2 else "b", "t\\\\x41", r"\\d", """long
one"""])
`),
  ).toEqual([
    "git status",
    "git diff",
    "npm test",
    "npm build",
    "cargo check",
    "make x|y",
    "bun run a-1 p",
    "go vet",
    "spread",
    "a tA \\d long\none".replace("tA", "t\\x41"),
  ])
})

test("what is wrong is told with file, line and column", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["nope()", "a.rules:1:1: Variable `nope` not found"],
    ['\n\nprefix_rule(pattern=["a"], color="red")', "a.rules:3:1: Found `color` extra named parameter"],
    ["prefix_rule()", "Missing named-only parameter `pattern`"],
    ["prefix_rule(pattern=[])", "pattern cannot be empty"],
    ["prefix_rule(pattern=[[]])", "alternatives cannot be empty"],
    ["prefix_rule(pattern=[1])", "expected `list`, actual `int`"],
    ['prefix_rule(pattern="git")', "expected `list`, actual `string`"],
    ['prefix_rule(pattern=["a"], decision="maybe")', "invalid decision: maybe"],
    ['prefix_rule(pattern=["a"], justification="  ")', "justification cannot be empty"],
    ['prefix_rule(pattern=["a"], match=["b"])', "unmatched examples"],
    ['prefix_rule(pattern=["a"], not_match=["a b"])', "expected example to not match"],
    ['prefix_rule(pattern=["a"], match=["\'open"])', "invalid shell syntax"],
    ['prefix_rule(pattern=["a"], match=[[]])', "cannot be an empty list"],
    ['prefix_rule(pattern=["a"],', "expected a value"],
    ['x = ["a"', "expected"],
    ["if True:\nx = 1", "expected an indented block"],
    ["  x = 1", "indented without reason"],
    ["while True: pass", "while is not available"],
    ['load("a", "b")', "load is not available"],
    ["x = lambda: 1", "lambda is not available"],
    ['x = "a', "not closed"],
    ["x = $", "unexpected character"],
    ["def f(): f()\nf()", "too deeply"],
    [`x = ${"(".repeat(400)}1${")".repeat(400)}`, "nested too deeply"],
    ["[1 for a in range(10000) for b in range(10000)]", "too many steps"],
    ['x = "a" * 1000000', "too large"],
    ['host_executable(name="a/b", paths=[])', "bare executable name"],
    ['host_executable(name="git", paths=["git"])', "must be absolute"],
    ['host_executable(name="git", paths=["/usr/bin/gitx"])', "must have basename `git`"],
    ['network_rule(host="a.example", protocol="ftp", decision="allow")', "protocol must be one of"],
    ['network_rule(host="*", protocol="https", decision="allow")', "must be one host"],
  ]
  for (const [source, wanted] of cases) {
    expect([source, refusal(source)]).toEqual([source, expect.stringContaining(wanted)])
    expect(refusal(source)).toStartWith("failed to parse policy at a.rules / ")
  }
})

test("examples hold: lists as they are, texts as a shell splits them", () => {
  expect(
    refusal(
      'prefix_rule(pattern=["git", "commit"], match=["git commit -m \'a b\'", ["git", "commit"]], not_match=["git status"])',
    ),
  ).toBe("it loaded")
})

test("network rules take every protocol and decision that Codex takes", () => {
  const { hosts } = policy(
    ["allow", "prompt", "deny", "forbidden"]
      .map((decision) => `network_rule(host="a.example", protocol="https", decision="${decision}")`)
      .join("\n"),
  )
  expect(hosts.map(({ decision }) => decision)).toEqual(["allow", "prompt", "forbidden", "forbidden"])
})

const GIT = policy(`
prefix_rule(pattern=["git"])
prefix_rule(pattern=["git", ["push", "fetch"]], decision="prompt", justification="it talks")
prefix_rule(pattern=["rm"], decision="forbidden")
prefix_rule(pattern=["/opt/git", "log"], decision="allow")
host_executable(name="git", paths=["/usr/bin/git"])
`)
const said = (line: string, isResolving = false) => JSON.stringify(check(GIT, line.split(" "), isResolving))

test("all rules that match are told in their order, and the strictest decides", () => {
  expect(said("git push x")).toBe(
    '{"matchedRules":[{"prefixRuleMatch":{"matchedPrefix":["git"],"decision":"allow"}},{"prefixRuleMatch":{"matchedPrefix":["git","push"],"decision":"prompt","justification":"it talks"}}],"decision":"prompt"}',
  )
  expect(said("ls")).toBe('{"matchedRules":[]}')
  expect([said("Git push"), said("git Push")].map((text) => JSON.parse(text).decision)).toEqual([undefined, "allow"])
})

test("a program by its path is another program, unless host_executable names that path and it is asked for", () => {
  expect(said("/usr/bin/git push")).toBe('{"matchedRules":[]}')
  expect(said("/usr/bin/git status", true)).toBe(
    '{"matchedRules":[{"prefixRuleMatch":{"matchedPrefix":["git"],"decision":"allow","resolvedProgram":"/usr/bin/git"}}],"decision":"allow"}',
  )
  expect(said("/tmp/git status", true)).toBe('{"matchedRules":[]}')
  expect(JSON.parse(said("/bin/rm x", true)).decision).toBe("forbidden")
  // An exact rule stands before the name.
  expect(JSON.parse(said("/opt/git log", true)).matchedRules).toHaveLength(1)
})

test("several files are one policy", () => {
  const both = readPolicy([
    { name: "a.rules", source: 'prefix_rule(pattern=["a"])' },
    { name: "b.rules", source: 'prefix_rule(pattern=["a"], decision="forbidden")' },
  ])
  expect(check(both, ["a"], false).decision).toBe("forbidden")
})
