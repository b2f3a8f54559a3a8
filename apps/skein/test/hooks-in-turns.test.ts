import { expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import type { Scene } from "./ground/scene.ts"
import { type Talking, talking } from "./ground/talking.ts"

// A hang guard: each takes a second or two.
setDefaultTimeout(60_000)

const bash = (command: string) => ({ calls: [{ name: "bash", args: { command } }] })

/** A file of hooks below the home (`~/…`) or the project. */
function put(scene: Scene, name: string, content: unknown): string {
  const path = name.startsWith("~/") ? join(scene.home, name.slice(2)) : scene.path(name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o755 })
  return path
}

const one = (command: string, more: object = {}) => [{ ...more, hooks: [{ type: "command", command }] }]

/** What the model read of the results of its calls, last of all. */
function results({ server }: Talking): string {
  return (server.conversations.at(-1)?.results ?? []).map(({ text }) => text).join("\n")
}

describeBinary("hooks of a person's files, in a run where nobody is asked", () => {
  test("a hook of Claude Code denies, rewrites and explains calls, and its stdin is what its script expects", async () => {
    using talk = talking(bash("echo one > one.txt"), bash("echo two > two.txt"), { text: "Done." })
    const { scene } = talk
    const guard = put(
      scene,
      "~/guard.sh",
      `#!/bin/sh
input=$(cat); echo "$input" >> ${scene.home}/seen.jsonl
case "$input" in
*one.txt*) echo 'one is taken' >&2; exit 2 ;;
*) echo '{"hookSpecificOutput":{"hookEventName":"PreToolUse","permissionDecision":"allow","updatedInput":{"command":"echo three > three.txt"},"additionalContext":"Three is free."}}' ;;
esac`,
    )
    put(scene, "~/.claude/settings.json", { hooks: { PreToolUse: one(guard, { matcher: "Bash" }) } })

    const ran = await scene.run(["-p", "--mode", "auto", "go"])

    expect([ran.code, existsSync(scene.path("one.txt")), existsSync(scene.path("two.txt"))]).toEqual([0, false, false])
    expect(readFileSync(scene.path("three.txt"), "utf8")).toBe("three\n")
    expect(results(talk)).toContain("one is taken")
    expect(JSON.stringify(talk.server.requests.at(-1)?.text)).toContain("Three is free.")
    const seen = readFileSync(join(scene.home, "seen.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
    expect(seen[0]).toMatchObject({
      ...{ hook_event_name: "PreToolUse", tool_name: "Bash", tool_input: { command: "echo one > one.txt" } },
      ...{ cwd: scene.cwd, permission_mode: "auto" },
    })
    expect(seen[0].session_id).toMatch(/^[0-9a-f]{8}-/)
  })

  test("a hook of Codex guards patches, and a hook at the end lets the turn go on", async () => {
    const edit = { calls: [{ name: "write", args: { path: "secret.txt", content: "x" } }] }
    using talk = talking(edit, { text: "Done." }, { text: "Done now." })
    const { scene } = talk
    put(scene, "~/.codex/hooks.json", {
      hooks: {
        PreToolUse: one("grep -q 'Add File: secret' && { echo 'no secrets' >&2; exit 2; }", {
          matcher: "^apply_patch$",
        }),
        Stop: one(`grep -q '"stop_hook_active":true' || { echo 'Say it again.' >&2; exit 2; }`),
      },
    })

    const ran = await scene.run(["-p", "--mode", "auto", "go"])

    expect([ran.code, ran.out.trim(), existsSync(scene.path("secret.txt"))]).toEqual([0, "Done now.", false])
    expect(talk.server.requests[1]?.text).toContain("no secrets")
    expect(talk.server.requests[2]?.text).toContain("Say it again.")
  })

  test("a prompt is kept back, a session begins with what a hook says, and no key of a provider is in its environment", async () => {
    using talk = talking({ text: "Hello." })
    const { scene } = talk
    put(scene, "~/.config/skein/hooks.json", {
      hooks: {
        SessionStart: one(`env > ${scene.home}/env.txt; echo 'The person is called Ada.'`),
        UserPromptSubmit: one("grep -q forbidden && { echo 'not that word' >&2; exit 2; } || true"),
      },
    })

    const kept = await scene.run(["-p", "a forbidden word"])
    expect(kept.code).not.toBe(0)
    expect(kept.err).toContain("not that word")
    expect(talk.server.requests).toHaveLength(0)

    expect((await scene.run(["-p", "hi"])).out).toContain("Hello.")
    expect(talk.server.requests[0]?.text).toContain("The person is called Ada.")
    const env = readFileSync(join(scene.home, "env.txt"), "utf8")
    expect(env).toContain(`CLAUDE_PROJECT_DIR=${scene.cwd}`)
    expect(env).not.toMatch(/API_KEY|canary/)
  })

  test("one that hangs is ended when its time is over, and the turn goes on and says so", async () => {
    using talk = talking(bash("echo one > one.txt"), { text: "Done." })
    const { scene } = talk
    const hangs = { type: "command", command: "trap '' TERM; sleep 1000 & wait; sleep 1000", timeout: 0.3 }
    put(scene, "~/.claude/settings.json", { hooks: { PreToolUse: [{ hooks: [hangs] }] } })

    const ran = await scene.run(["-p", "--mode", "auto", "go"])

    expect([ran.code, existsSync(scene.path("one.txt"))]).toEqual([0, true])
    expect(ran.ms).toBeLessThan(15_000)
    expect(ran.err).toContain("took longer than it may")
  })

  test("Codex's own word runs hooks of the folder that nobody looked at, for one run, and says so", async () => {
    using talk = talking({ text: "Hello." })
    const { scene } = talk
    put(scene, ".codex/hooks.json", { hooks: { UserPromptSubmit: one("echo It is a test.; echo > ../outside.txt") } })
    const args = ["exec", "--skip-git-repo-check", "hi"]

    const without = await scene.run(args)
    expect(without.err).toContain("(hook 1), and it is not trusted: nothing of it runs")
    expect(talk.server.requests[0]?.text).not.toContain("It is a test.")
    const ran = await scene.run([...args, "--dangerously-bypass-hook-trust"])
    expect(ran.err).toContain("warning: --dangerously-bypass-hook-trust")
    expect(talk.server.requests[1]?.text).toContain("It is a test.")
    expect(existsSync(join(scene.root, "outside.txt"))).toBe(false)
  })
})
