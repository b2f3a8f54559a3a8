import { expect, test } from "bun:test"
import { RUNS_ITS_INPUT, type SimpleCommand } from "@skein/core/ports"
import { MODES, type Rule } from "@skein/protocol"
import { bare, judge, line, read, rule, run, simple, write } from "./scene.ts"

/** What a rule for bash decides about an unconfined command, which is asked without one. */
function decided(given: Partial<Rule>, command: string | SimpleCommand): string {
  const one = typeof command === "string" ? simple(command) : command
  return judge([bare(one)], { tool: "bash", rules: [rule({ tool: "bash", ...given })] }).decision
}

test("a denial stands above every mode and every allowance", () => {
  const rules = [rule({}), rule({ decision: "deny", scope: "project" })]
  for (const mode of MODES) expect(judge([read("/w/a")], { mode, rules }).decision).toBe("deny")
})

test("an allowance lifts a question, never a denial", () => {
  expect(judge([bare(simple("make"))], { rules: [rule({})] }).decision).toBe("allow")
  expect(judge([write("/w/a")], { mode: "plan", rules: [rule({})] }).decision).toBe("deny")
})

test("a rule that asks is asked in every mode, and cannot be answered for ever", () => {
  for (const mode of MODES) {
    const verdict = judge([read("/w/a")], { mode, rules: [rule({ decision: "ask" })] })
    expect([verdict.decision, verdict.always]).toEqual(["ask", undefined])
  }
})

test("an allowed command covers further plain words, and never what a word more makes of it", () => {
  const rule = { command: "git push *" }
  for (const text of ["git push", "git push origin main"]) expect([text, decided(rule, text)]).toEqual([text, "allow"])
  const not: readonly (string | SimpleCommand)[] = [
    ...["git pushx", "xgit push", "git -C x push", "./git push", "/usr/bin/git push", "git pull"],
    simple("git push ?"),
    simple("git push --force", ["publish", "destroy"]),
    simple("git push origin +main", ["publish", "destroy"]),
    simple("git push --receive-pack=x", "publish", { powerful: ["--receive-pack=x"] }),
    simple("git push", "publish", { assigns: ["GIT_SSH_COMMAND=x"] }),
    simple("git push", "publish", { assigns: ["UNHEARD=x"] }),
  ]
  for (const one of not) expect([one, decided(rule, one)]).toEqual([one, "ask"])
  expect(decided({ command: "git push --force *" }, simple("git push --force", ["publish", "destroy"]))).toBe("allow")
})

test("an allowed command without a wildcard is exactly those words, in whatever quotes", () => {
  expect(["make", "make x", "makes"].map((text) => decided({ command: "make" }, text))).toEqual(["allow", "ask", "ask"])
  const quoted = simple("echo 'a b'", "execute", { argv: ["echo", "a b"] })
  expect(["echo 'a b'", 'echo "a b"', "echo a\\ b", "echo a b"].map((command) => decided({ command }, quoted))).toEqual(
    ["allow", "allow", "allow", "ask"],
  )
})

test("an allowed command says nothing of the file that it is sent to, or of the code that it is fed", () => {
  const sent = simple("npm test", "execute", { text: 'npm test > "$F"', powerful: ['> "$F"'] })
  const fed = simple("node", "execute", { text: "node <<E\n1\nE", powerful: [RUNS_ITS_INPUT] })
  expect([decided({ command: "npm test" }, sent), decided({ command: "node" }, fed)]).toEqual(["ask", "ask"])
  const said = simple("node -e 1", "execute", { powerful: ["code in a word"] })
  expect(decided({ command: "node -e 1" }, said)).toBe("allow")
})

test("T1: every command of a line needs its own allowance", () => {
  const rules = [rule({ tool: "bash", command: "echo *" })]
  const both = judge([bare(simple("echo a"), simple("touch m", "write"))], { tool: "bash", rules })
  expect(both.decision).toBe("ask")
  expect(both.parts?.map(({ subject, decision }) => `${subject}: ${decision}`)).toEqual([
    "echo a: allow",
    "touch m: ask",
  ])
})

test("T2, T4: a line that is not understood is covered by a rule for exactly that line and by no other", () => {
  const text = "echo $(x)"
  const unclear = line(text, { commands: [simple("echo ?", "read")], unclear: "$(…)" }, false)
  const decision = (given: Partial<Rule>) =>
    judge([unclear], { tool: "bash", rules: [rule({ tool: "bash", ...given })] }).decision
  expect([decision({ command: "echo *" }), decision({ command: text }), decision({ prefix: ["echo"] })]).toEqual([
    "ask",
    "allow",
    "ask",
  ])
})

test("T2, T4: a line of which nothing is understood is not allowed by the words that occur in it", () => {
  const unclear = line("echo `x`", { commands: [], unclear: "x" })
  for (const given of [{ command: "echo *" }, { prefix: ["echo"] }]) {
    expect(judge([unclear], { mode: "auto", tool: "bash", rules: [rule({ tool: "bash", ...given })] }).decision).toBe(
      "ask",
    )
  }
})

test("a command whose reader offers no answer for good is asked about every time", () => {
  const { decision, always } = judge([run(simple("curl https://a.example", "network", { pattern: undefined }))])
  expect([decision, always]).toEqual(["ask", undefined])
})

test("T3: where an allowed command writes is judged like a write; a rule for exactly the line covers that too", () => {
  const echo = simple("echo x > /srv/a", "write", { argv: ["echo", "x"], writes: ["/srv/a"] })
  const decision = (command: string) =>
    judge([run(echo)], { mode: "auto", tool: "bash", rules: [rule({ tool: "bash", command })] }).decision
  expect([decision("echo *"), decision("echo x"), decision("echo x > /srv/a")]).toEqual(["ask", "ask", "allow"])
})

test("T5: a denied command is denied behind sixty and behind a thousand others", () => {
  for (const count of [60, 1_000]) {
    const many = Array.from({ length: count }, () => simple("true", "read"))
    const verdict = judge([run(...many, simple("curl x", "network"))], {
      mode: "full",
      rules: [rule({ command: "curl *", decision: "deny" })],
    })
    expect(verdict.decision).toBe("deny")
  }
})

test("T6: a denied command is found by path, behind wrappers and in a line that nobody understands", () => {
  const found: readonly string[] = [
    ...[
      "touch a",
      "/usr/bin/touch a",
      "/proc/self/root/usr/bin/touch a",
      "\\touch a",
      "TOUCH a",
      "env touch a",
      "timeout 5 touch a",
    ],
    ...["nohup touch a", "xargs -n 1 touch", "sudo -u x touch a", "? a", "busybox touch a", "nice -n 5 touch"],
  ]
  for (const text of found)
    expect([text, decided({ command: "touch *", decision: "deny" }, text)]).toEqual([text, "deny"])
  expect(decided({ command: "touch *", decision: "deny" }, "ls touch")).toBe("ask")
  for (const text of ["x=1; t''ouch a", "to\\uch a", "eval touch a", "$(echo touch) a"]) {
    const unclear = line(text, { commands: [], unclear: "x" })
    const { decision } = judge([unclear], { mode: "full", rules: [rule({ command: "touch *", decision: "deny" })] })
    expect([text, decision]).toEqual([text, "deny"])
  }
})

test("a denied command with options is found in whatever order and spelling they stand", () => {
  const deny = { command: "rm -rf *", decision: "deny" } as const
  for (const text of ["rm -rf a", "rm -fr a", "rm -r -f a", "rm a -rf", "rm -rfv a"])
    expect([text, decided(deny, text)]).toEqual([text, "deny"])
  expect(["rm -r a", "rm a"].map((text) => decided(deny, text))).toEqual(["ask", "ask"])
  const push = { command: "git push *", decision: "deny" } as const
  for (const text of ["git -C x push", "git --no-pager push origin", "git -c a=b push"])
    expect([text, decided(push, text)]).toEqual([text, "deny"])
})

test("a prefix is words and choices of words; the first one is not a path for what allows", () => {
  const prefix = ["git", ["status", "diff"]]
  expect(
    ["git status", "git diff --stat", "git", "git push", "/usr/bin/git diff"].map((text) => decided({ prefix }, text)),
  ).toEqual(["allow", "allow", "ask", "ask", "ask"])
  expect(decided({ prefix, decision: "deny" }, "/usr/bin/git diff")).toBe("deny")
  expect(decided({ prefix }, simple("git diff --output=f", "read", { powerful: ["--output=f"] }))).toBe("ask")
})

test("T13: an allowed path is itself and what is below it, by components; all paths of a call must be", () => {
  const rules = [rule({ path: "/srv/app" })]
  const outside = (...paths: string[]) => judge([{ kind: "write", paths, isInside: false }], { rules }).decision
  expect([
    outside("/srv/app"),
    outside("/srv/app/x"),
    outside("/srv/app-evil"),
    outside("/srv/app/../x"),
    outside("/srv/APP/x"),
    outside("/srv/app/x", "/etc/y"),
  ]).toEqual(["allow", "allow", "ask", "ask", "ask", "ask"])
})

test("wildcards of a path are matched name by name", () => {
  const covers = (path: string, given: string, decision: Rule["decision"] = "allow") =>
    judge([read(given, false)], { rules: [rule({ path, decision })] }).decision === decision
  expect([
    covers("/srv/*.ts", "/srv/a.ts"),
    covers("/srv/*.ts", "/srv/x/a.ts"),
    covers("/srv/**/*.ts", "/srv/x/y/a.ts"),
  ]).toEqual([true, false, true])
  expect([covers("/srv/**", "/srv/x/y"), covers("/srv/?", "/srv/ab"), covers("/srv/*", "/srvx/a")]).toEqual([
    true,
    false,
    false,
  ])
  expect([
    covers("/srv/*", "/srv/x/y"),
    covers("/srv/*", "/srv/x/y", "deny"),
    covers("**/.env", "/srv/x/.ENV", "deny"),
  ]).toEqual([false, true, true])
})

test("a denied file is denied to commands as well, by name, by wildcard and inside of code", () => {
  const rules = [rule({ tool: "read", path: "/w/private.txt", decision: "deny" })]
  const denied = (command: SimpleCommand) => judge([run(command)], { mode: "full", tool: "bash", rules }).decision
  expect([
    denied(simple("cat private.txt", "read", { reads: ["/w/private.txt"] })),
    denied(simple("cat p*", "read", { reads: ["/w/p*"] })),
    denied(simple("python -c open('private.txt')", "execute")),
    denied(simple("cat public.txt", "read", { reads: ["/w/public.txt"] })),
  ]).toEqual(["deny", "deny", "deny", "allow"])
  const unclear = line("cat $(ls private.txt)", { commands: [], unclear: "x" })
  expect(judge([unclear], { mode: "full", tool: "bash", rules }).decision).toBe("deny")
})

test("a rule of one way of touching says nothing of the other", () => {
  const rules = [rule({ path: "/srv", access: "read" })]
  expect([
    judge([read("/srv/a", false)], { rules }).decision,
    judge([write("/srv/a", false)], { rules }).decision,
  ]).toEqual(["allow", "ask"])
})

test("a rule of one tool says nothing of another, and one of a command nothing of files", () => {
  expect(judge([bare(simple("make"))], { tool: "other", rules: [rule({ tool: "bash" })] }).decision).toBe("ask")
  expect(judge([write("/w/a")], { rules: [rule({ command: "make" })] }).decision).toBe("ask")
  expect(judge([bare(simple("make"))], { rules: [rule({ path: "/" })] }).decision).toBe("ask")
  const tools = (tool: string) =>
    judge([{ kind: "unknown" }], { tool: "mcp__github__list", rules: [rule({ tool })] }).decision
  expect(["mcp__github__*", "mcp__git*", "mcp__github", "mcp__gitlab__*", "*"].map(tools)).toEqual([
    "allow",
    "allow",
    "ask",
    "ask",
    "allow",
  ])
})

test("a rule ends when its time is over, and holds for its sub-agent alone", () => {
  const decision = (given: Partial<Rule>, agent?: string) =>
    judge([bare(simple("make"))], { now: 1_000, agent, rules: [rule(given)] }).decision
  expect([decision({ expiresAt: 1_001 }), decision({ expiresAt: 1_000 })]).toEqual(["allow", "ask"])
  expect([
    decision({ agent: "scout" }, "scout"),
    decision({ agent: "scout" }, "other"),
    decision({ agent: "scout" }),
  ]).toEqual(["allow", "ask", "ask"])
})

test("`always` proposes the narrowest rule, which spares exactly this question", () => {
  const asked = [
    [bare(simple("git push origin"))],
    [write("/w/a")],
    [read("/srv/a", false)],
    [line("a $(b)", { commands: [], unclear: "x" })],
    [run(simple("make"), simple("npm test"))],
    [run(simple("rm *", "unknown"))],
    [{ kind: "network", hosts: ["example.org"] }],
  ] as const
  for (const effects of asked) {
    const { always, decision } = judge(effects)
    expect([effects, decision, always === undefined]).toEqual([effects, "ask", false])
    expect(judge(effects, { rules: always === undefined ? [] : [always] }).decision).toBe("allow")
  }
  expect(judge([run(simple("npm test a", "execute", { pattern: "npm test *" }))]).always?.command).toBe("npm test *")
  const star = judge([run(simple("rm *", "unknown"))]).always
  expect(judge([run(simple("rm a", "unknown"))], { rules: star === undefined ? [] : [star] }).decision).toBe("ask")
})

test("what takes away for good, gives more rights or runs later is asked every time", () => {
  const asked = [
    [{ kind: "unknown" }],
    [{ kind: "write", paths: ["/srv/a", "/srv/b"], isInside: false }],
    [{ kind: "write", paths: ["/w/.envrc"], isInside: true, runsLater: "direnv" }],
    [run(simple("git reset --hard", "destroy"))],
    [run(simple("sudo ls", "escalate"))],
    [run(simple("ls", "unknown", { assigns: ["LD_PRELOAD=x"], pattern: undefined }))],
  ] as const
  for (const effects of asked) expect(judge(effects, { mode: "auto" })).toMatchObject({ decision: "ask" })
  for (const effects of asked) expect(judge(effects, { mode: "auto" }).always).toBeUndefined()
})

test("D07: one answer for good spares twenty variants of the command, and not what is piped on from it", () => {
  const variant = (text: string) => simple(text, "execute", { pattern: "npm test *" })
  const { always } = judge([run(variant("npm test"))], { tool: "bash" })
  const rules = always === undefined ? [] : [always]
  for (let at = 0; at < 20; at++) {
    const folder = at % 3 === 0 ? [simple(`cd packages/p${at}`, "read")] : []
    const { decision } = judge([run(...folder, variant(`npm test -- --grep case${at}`))], { tool: "bash", rules })
    expect([at, decision]).toEqual([at, "allow"])
  }
  const curl = [rule({ tool: "bash", command: "curl *" })]
  expect(
    judge([run(simple("curl x", "network"), simple("sh", "unknown"))], { tool: "bash", rules: curl }).decision,
  ).toBe("ask")
})

test("T17: what something runs later is let be only by a rule that names that place", () => {
  const hooks = [{ kind: "write", paths: ["/w/.husky/pre-commit"], isInside: true, runsLater: "git hooks" }] as const
  const decision = (given: Partial<Rule>) =>
    judge(hooks, { mode: "auto", tool: "write", rules: [rule(given)] }).decision
  expect([
    decision({}),
    decision({ tool: "write" }),
    decision({ path: "/w" }),
    decision({ path: "/w/.husky" }),
  ]).toEqual(["ask", "ask", "ask", "allow"])
})

test("T14: environment and memory of processes are denied in every mode, by every way to name them", () => {
  const ways = [
    "/proc/self/environ",
    "/proc/1/environ",
    "/proc/*/environ",
    "/proc/self/task/1/mem",
    "/proc/self/root/proc/1/maps",
  ]
  for (const path of ways) {
    expect([path, judge([read(path, false)], { mode: "full" }).decision]).toEqual([path, "deny"])
    const { decision } = judge([run(simple("cat", "read", { reads: [path] }))], { mode: "full" })
    expect([path, decision]).toEqual([path, "deny"])
  }
})

test("a removal whose targets are only known when it runs is not taken for one that undo brings back", () => {
  const removed = (argv: (string | undefined)[], writes: string[]) =>
    judge([run(simple("rm", "destroy", { argv, writes }))], { mode: "auto" }).decision
  expect([removed(["rm", "a"], ["/w/a"]), removed(["rm", "a", undefined], ["/w/a"]), removed(["rm", "a"], [])]).toEqual(
    ["allow", "ask", "ask"],
  )
  expect(
    ["/w/*", "/w/.*", "/w/.g*/x", "/w", "/w/.", "/w/a/..", "/w/sub/.GIT", "w/a"].map((path) =>
      removed(["rm", "x"], [path]),
    ),
  ).toEqual(Array.from({ length: 8 }, () => "ask"))
})
