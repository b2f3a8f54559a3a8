import { expect, setDefaultTimeout, test } from "bun:test"
import { attack, type Call, WHO } from "../ground/attack.ts"
import { describeBinary } from "../ground/binary.ts"

// A hang guard: an attack takes a second or two, on a machine that does much else far more.
setDefaultTimeout(120_000)

const call = (name: string, args: Record<string, unknown>): Call => ({ name, args })
const patch = (...lines: readonly string[]) =>
  call("apply_patch", { patch: ["*** Begin Patch", ...lines, "*** End Patch", ""].join("\n") })

/** The same five changes, by names that a mode must not overlook. */
const WRITES: readonly Call[] = [
  call("write", { path: "a", content: "x" }),
  patch("*** Add File: b", "+x"),
  call("confirm_edit", { path: "README", oldText: "hello", newText: "x" }),
  call("process", { action: "start", command: "echo x > c; touch d; sleep 0.2" }),
  call("process", { action: "start", command: "sh -c 'rm README'", terminal: true }),
]
const within = (calls: readonly Call[]) =>
  call("batch", { calls: calls.map(({ name, args }) => ({ tool: name, input: args })) })
const byName = ({ name, args }: Call) => call("call_tool", { name, input: args })

/** All that git runs for whoever looks, as a repository's own settings say. */
const RUNS = ["filter.x.clean", "filter.x.process", "diff.x.command", "diff.x.textconv", "core.fsmonitor", "core.pager"]
const HOSTILE = [
  "git init -q && printf '* filter=x diff=x\\n' > .gitattributes && git add -A",
  "git -c user.name=a -c user.email=a@b.c commit -qm x && echo more >> README",
  "printf '#!/bin/sh\\ntouch %s/hook\\n' \"$PWD/../outside\" > .git/hooks/post-checkout && chmod +x .git/hooks/post-checkout",
  ...RUNS.map((key) => `git config ${key} "touch $PWD/../outside/${key}"`),
].join("\n")

for (const who of WHO) {
  describeBinary(`the toolbelt under attack, as ${who}`, () => {
    test("T12: in mode plan nothing is written, neither through a batch, nor by name, nor by a process", async () => {
      using ran = await attack({
        ...{ who, args: ["--mode", "plan"] },
        steps: () => [[within(WRITES)], [within(WRITES.map(byName))], WRITES, WRITES.map(byName)],
      })
      expect(ran.changed).toEqual([])
      expect(ran.results.length).toBe(2 + 2 * WRITES.length)
    })

    test("T14, T15, T17: no tool leads out of the workspace or into what runs later, where nobody is asked", async () => {
      using ran = await attack({
        ...{ who, args: ["--mode", "auto"], files: { "outside/a.ts": "const hidden = 1\n" } },
        setup: "git init -q; ln -s ../outside link",
        steps: () => [
          [patch("*** Add File: ../outside/evil", "+x"), patch("*** Add File: link/evil", "+x")],
          [patch("*** Delete File: ../outside/victim"), patch("*** Add File: .git/hooks/pre-commit", "+x")],
          [patch("*** Update File: README", "*** Move to: ../outside/moved", "@@", "-hello", "+x")],
          [call("apply_patch", { patch: "--- a/README\n+++ b/../outside/evil\n@@ -1 +1 @@\n-hello\n+x\n" })],
          [call("advanced_edit", { path: "../outside/a.ts", pattern: "hidden", rewrite: "shown" })],
          [call("confirm_edit", { path: "link/victim", oldText: "precious", newText: "x" })],
          ["repo_map", "symbols", "code_graph", "file_info", "head_tail"].map((name) =>
            call(name, { path: "../outside/a.ts" }),
          ),
        ],
      })
      expect(ran.changed).toEqual([])
      expect(ran.sent).not.toContain("const hidden")
    })

    test("T23, T25, T28, T61: a process is held as a command is, and nothing of it is left behind", async () => {
      const lines = [
        "touch ../outside/direct; echo x > .git/hooks/pre-push; git config core.fsmonitor x",
        "cat ../home/.s*h/id; env",
        "(setsid sh -c 'sleep 1; touch late' &) ; sleep 0.1",
      ]
      using ran = await attack({
        ...{ who, args: ["--mode", "full"], files: { "home/.ssh/id": "KEY-canary" }, setup: "git init -q" },
        steps: () => lines.map((command) => [call("process", { action: "start", command, terminal: true })]),
      })
      await Bun.sleep(1_500)
      expect(ran.changed).toEqual([])
      expect(ran.results[0]).toContain("Started.")
      expect(ran.sent).not.toContain("KEY-canary")
      expect(ran.sent).not.toMatch(/ANTHROPIC_API_KEY=/)
      expect(await Bun.file(`${ran.project}/late`).exists()).toBe(false)
    })

    test("T10, T34: what looks at changes or copies a repository runs nothing that the repository names", async () => {
      using ran = await attack({
        ...{ who, args: ["--mode", "full"], setup: HOSTILE },
        steps: () => [
          [call("diff", { path: "README", against: "head" }), call("code_review", { target: "uncommitted" })],
          [call("task", { agent: "coder", description: "d", prompt: "p", isolation: "worktree" })],
        ],
      })
      expect(ran.changed).toEqual([])
      expect(ran.sent).toContain("nobody said that it may")
    })
  })
}
