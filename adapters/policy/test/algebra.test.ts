import { expect, test } from "bun:test"
import { COMMAND_RISKS, type Effect } from "@skein/core/ports"
import { MODES, type Rule } from "@skein/protocol"
import { bare, judge, line, read, rule, run, simple, write } from "./scene.ts"

const STRICTNESS = { allow: 0, ask: 1, deny: 2 } as const

/** The same numbers for the same seed: a failure can be run again. */
function dice(seed: number): <T>(...choices: readonly [T, ...T[]]) => T {
  let state = seed
  return (...choices) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return choices[(state >>> 8) % choices.length] ?? choices[0]
  }
}

type Dice = ReturnType<typeof dice>

const WORDS = ["git", "push", "npm", "test", "rm", "-rf", "curl", "ls", "a", "env", "/usr/bin/git", "--force"] as const
const PATHS = ["/w/a", "/w/.env", "/w/.git/config", "/srv/a", "/home/me/.ssh/id", "/etc/hosts", "/w/src/*"] as const
const [firstRisk, ...otherRisks] = COMMAND_RISKS

function anyCommand(any: Dice) {
  const text = Array.from({ length: any(1, 2, 3, 4) }, () => any(...WORDS)).join(" ")
  return simple(text, any(firstRisk, ...otherRisks), {
    reads: any<readonly string[]>([], [any(...PATHS)]),
    writes: any<readonly string[]>([], [any(...PATHS)]),
    hosts: any<readonly string[]>([], ["example.org:443"]),
    assigns: any<readonly string[]>([], [], ["PATH=."], ["CI=1"]),
    powerful: any<readonly string[]>([], [], ["--output=f"]),
  })
}

function anyEffect(any: Dice): Effect {
  const commands = [anyCommand(any), anyCommand(any)] as const
  return any<() => Effect>(
    () => run(...commands),
    () => bare(...commands),
    () => line("x $(y)", { commands, unclear: "x" }),
    () => read(any(...PATHS), any(true, false)),
    () => write(any(...PATHS), any(true, false)),
    () => ({ kind: "network", hosts: [any("example.org", "10.0.0.1")] }),
    () => ({ kind: any("unknown", "none") }),
  )()
}

function anyRule(any: Dice, decision: Rule["decision"]): Rule {
  const conditions = any<() => Partial<Rule>>(
    () => ({}),
    () => ({ command: `${any(...WORDS)} *` }),
    () => ({ command: `${any(...WORDS)} ${any(...WORDS)}` }),
    () => ({ prefix: [any(...WORDS), [any(...WORDS), any(...WORDS)]] }),
    () => ({ path: any(...PATHS), ...any<Partial<Rule>>({}, { access: "read" }) }),
    () => ({ host: any("example.org", "*.org", "10.0.0.1") }),
  )()
  return rule({
    tool: any("*", "bash", "read"),
    decision,
    scope: any("user", "project", "session", "managed"),
    ...conditions,
  })
}

const ROUNDS = process.env.SKEIN_SOAK === "1" ? 200_000 : 800

test("adding a rule that denies or asks never makes a verdict looser, one that allows never stricter nor lifts a denial", () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const any = dice(seed)
    const effects = [anyEffect(any), anyEffect(any)]
    const rules = Array.from({ length: any(0, 1, 2, 3) }, () => anyRule(any, any("allow", "ask", "deny")))
    const given = { tool: any("bash", "read"), mode: any(...MODES), taint: any<readonly string[]>([], ["x"]) }
    const before = STRICTNESS[judge(effects, { ...given, rules }).decision]
    const added = any<Rule["decision"]>("allow", "ask", "deny")
    const after = STRICTNESS[judge(effects, { ...given, rules: [...rules, anyRule(any, added)] }).decision]
    if (added === "allow")
      expect([seed, after <= before && (before < 2 || after === 2 || mayBeNamed(effects))]).toEqual([seed, true])
    else expect([seed, after >= before]).toEqual([seed, true])
  }
})

/** The denials that a rule lifts: a file of keys, and a private address, each named by itself. */
function mayBeNamed(effects: readonly Effect[]): boolean {
  return /\/home\/me\/\.ssh\/id|10\.0\.0\.1/.test(JSON.stringify(effects))
}

test("the order of rules, of effects and of commands decides nothing", () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const any = dice(seed)
    const effects = [anyEffect(any), anyEffect(any), anyEffect(any)]
    const rules = [anyRule(any, "allow"), anyRule(any, "ask"), anyRule(any, "deny")]
    const mode = any(...MODES)
    const forward = judge(effects, { mode, rules }).decision
    expect([seed, judge(effects.toReversed(), { mode, rules: rules.toReversed() }).decision]).toEqual([seed, forward])
  }
})

test("a call is never judged looser than the strictest of its effects by itself", () => {
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const any = dice(seed)
    const effects = [anyEffect(any), anyEffect(any)]
    const given = { mode: any(...MODES), rules: [anyRule(any, any("allow", "ask", "deny"))] }
    const alone = effects.map((effect) => STRICTNESS[judge([effect], given).decision])
    expect([seed, STRICTNESS[judge(effects, given).decision]]).toEqual([seed, Math.max(...alone)])
  }
})

test("what is offered as an answer for good spares the question, in every mode", () => {
  let offered = 0
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const any = dice(seed)
    const effects = [anyEffect(any)]
    const given = { tool: "bash", mode: any(...MODES), taint: any<readonly string[]>([], ["x"]) }
    const { decision, always } = judge(effects, given)
    if (always === undefined) continue
    offered++
    expect([seed, decision, judge(effects, { ...given, rules: [always] }).decision]).toEqual([seed, "ask", "allow"])
  }
  expect(offered).toBeGreaterThan(ROUNDS / 50)
})

const HOSTILE: readonly Effect[] = [
  ...["/w/a", "/w/src/b.ts", "/w/.git/config", "/w/.git/hooks/pre-commit", "/w/package.json"].map((path) =>
    write(path),
  ),
  ...["/etc/passwd", "/home/me/.bashrc", "/tmp/x"].map((path) => write(path, false)),
  ...[
    "touch a",
    "mkdir x",
    "cp a b",
    "mv a b",
    "sed -i s/a/b/ a",
    "tee a",
    "git add -A",
    "git commit -m x",
    "git checkout -b x",
    "git stash",
    "npm pkg set a=b",
  ].map((text) => run(simple(text, "write"))),
  ...["echo x > a", "cat b >> a", "echo x >| .git/HEAD"].map((text) =>
    run(simple(text, "write", { writes: ["/w/a"] })),
  ),
  ...[
    "rm a",
    "rm -rf .",
    "git reset --hard",
    "git clean -fdx",
    "git branch -D x",
    "find . -delete",
    "truncate -s0 a",
  ].map((text) => run(simple(text, "destroy", { writes: ["/w/a"] }))),
  ...["git push", "npm publish", "gh pr create"].map((text) => run(simple(text, "publish"))),
  ...["sudo ls", "chmod u+s a", "crontab -"].map((text) => run(simple(text, "escalate"))),
  ...["touch a", "ls", "make", "git status"].map((text) => bare(simple(text, "execute"))),
  { kind: "unknown" },
  { kind: "delegate", to: "agent" },
]

test("D08: in plan mode a hundred tries to change something are refused before they run, whatever rules allow", () => {
  const rules = [
    rule({}),
    rule({ tool: "bash", command: "git *" }),
    rule({ tool: "*", path: "/" }),
    rule({ tool: "mcp__*" }),
  ]
  let tried = 0
  for (const effect of HOSTILE) {
    for (const tool of ["bash", "write", "mcp__x__y"]) {
      const { decision, reasons } = judge([effect], { mode: "plan", sandbox: "read-only", tool, rules })
      expect([effect, decision]).toEqual([effect, "deny"])
      expect(reasons.length).toBeGreaterThan(0)
      tried++
    }
  }
  expect(tried).toBeGreaterThanOrEqual(100)
})
