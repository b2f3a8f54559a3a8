import { expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describeBinary } from "./ground/binary.ts"
import { type Talking, talking } from "./ground/talking.ts"

// A hang guard: each takes a second or two.
setDefaultTimeout(60_000)

const one = (command: string, more: object = {}) => [{ ...more, hooks: [{ type: "command", command }] }]

/** The person's own hooks, as they would have them for Claude Code. */
function hooked({ scene }: Pick<Talking, "scene">, hooks: object): void {
  const path = join(scene.home, ".claude/settings.json")
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify({ hooks }))
}

const touch = (name: string) => ({ name: "bash", args: { command: `touch ${name}` } })

describeBinary("hooks of Claude Code's files in a turn", () => {
  test("a prompt that exit code 2 blocks is sent to nobody, and the reason is on stderr", async () => {
    using talk = talking({ text: "never" })
    hooked(talk, { UserPromptSubmit: one("grep -q hunter2 && { echo 'It holds a password.' >&2; exit 2; }; exit 0") })
    const { err, out, code } = await talk.scene.run(["-p", "my password is hunter2"])
    expect(err).toContain("Not sent: a hook blocked this prompt: It holds a password.")
    expect([out, code]).toEqual(["", 1])
    expect(talk.server.conversations).toEqual([])
  })

  test("a command that a hook denies does not run, another is written anew, and the model is told", async () => {
    using talk = talking({ calls: [touch("denied")] }, { calls: [touch("changed")] }, { text: "Done." })
    const deny = {
      hookSpecificOutput: {
        hookEventName: "PreToolUse",
        permissionDecision: "deny",
        permissionDecisionReason: "Not that one.",
      },
    }
    const input = { command: "touch instead" }
    const change = {
      hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "allow", updatedInput: input },
    }
    const script = `if grep -q denied; then echo '${JSON.stringify(deny)}'; else echo '${JSON.stringify(change)}'; fi`
    hooked(talk, { PreToolUse: one(script, { matcher: "Bash" }) })
    const { out } = await talk.scene.run(["-p", "--yes", "do it"])
    expect(out).toContain("Done.")
    const [is, not, other] = ["instead", "denied", "changed"].map((name) => existsSync(talk.scene.path(name)))
    expect([is, not, other]).toEqual([true, false, false])
    expect(JSON.stringify(talk.server.conversations)).toContain("Not that one.")
  })

  test("a hook at the end lets the turn go on, and is told when it is its second time", async () => {
    using talk = talking({ text: "Done." }, { text: "Tested." })
    const log = join(talk.scene.home, "stops")
    const stop = `cat >> ${log}; echo >> ${log}; [ $(grep -c . ${log}) -gt 1 ] || { echo 'Run the tests.' >&2; exit 2; }`
    hooked(talk, { Stop: one(stop) })
    const { out, err } = await talk.scene.run(["-p", "do it"])
    expect(out).toContain("Tested.")
    expect(err).toContain("A hook lets the turn go on: Run the tests.")
    const told = readFileSync(log, "utf8")
      .split("\n")
      .flatMap((line) => (line === "" ? [] : [JSON.parse(line).stop_hook_active]))
    expect(told).toEqual([false, true])
    expect(JSON.stringify(talk.server.conversations.at(-1))).toContain("Run the tests.")
  })

  test("a session's start adds what the model reads first, and its end is told before skein is left", async () => {
    using talk = talking({ text: "Hello." })
    const ended = join(talk.scene.home, "ended")
    hooked(talk, { SessionStart: one("echo It is Monday."), SessionEnd: one(`cat > ${ended}`) })
    await talk.scene.run(["-p", "hello"])
    expect(JSON.stringify(talk.server.conversations[0])).toContain("It is Monday.")
    expect(JSON.parse(readFileSync(ended, "utf8"))).toMatchObject({ hook_event_name: "SessionEnd" })
  })
})
