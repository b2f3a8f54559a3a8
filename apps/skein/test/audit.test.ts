import { expect, test } from "bun:test"
import { appendFileSync, chmodSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { DurableEvent } from "@skein/protocol"
import { describeBinary } from "./ground/binary.ts"
import { eventsOf, type Scene } from "./ground/scene.ts"
import { talking } from "./ground/talking.ts"

const CANARY = "canary-4711"
const WORK = [
  { name: "bash", args: { command: `echo ${CANARY} > made.txt` } },
  { name: "read", args: { path: "made.txt" } },
  { name: "write", args: { path: `${CANARY}.txt`, content: CANARY } },
  { name: "bash", args: { command: "exit 3" } },
  { name: "bash", args: { command: "git push --force" } },
  { name: "nothing", args: {} },
]

const log = (scene: Scene) =>
  eventsOf(
    scene
      .files(join(scene.data, "sessions"))
      .filter((path) => path.endsWith(".jsonl"))
      .map((path) => readFileSync(path, "utf8"))
      .join(""),
  ) as DurableEvent[]

interface Entry {
  readonly [field: string]: unknown
  readonly action: string
  readonly callId?: string
}

async function audited(scene: Scene, ...flags: string[]): Promise<Entry[]> {
  const { out } = await scene.run(["audit", "query", "--json", "--limit", "1000", ...flags])
  return out
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Entry)
}

/** What the record has to say of a session, by its own log. */
function told(events: readonly DurableEvent[]): string[] {
  return events.flatMap((event) => {
    switch (event.type) {
      case "call.started":
        return [`${event.callId} call.start allow`]
      case "call.settled":
        return [
          `${event.callId} call.settle ${event.outcome}${event.code === undefined ? "" : ` ${event.code}`} ${event.durationMs}`,
        ]
      default:
        return []
    }
  })
}

function said({ callId, action, decision, outcome, durationMs }: Entry): string {
  if (action === "call.start") return `${callId} ${action} ${String(decision)}`
  return `${callId} ${action} ${String(outcome)} ${String(durationMs)}`
}

describeBinary("the record of actions", () => {
  test("says of each call what the replay of the session's log says, before and after it, refused ones too", async () => {
    using talk = talking({ calls: WORK }, { text: "Done." })
    const { scene } = talk
    await scene.run(["-p", "work"])
    const events = log(scene)
    const entries = await audited(scene)
    const calls = entries.filter(({ action }) => action === "call.start" || action === "call.settle")
    expect(calls.map(said).toSorted()).toEqual(told(events).toSorted())
    expect(calls.filter(({ action }) => action === "call.settle")).toHaveLength(WORK.length)
    for (const { callId } of calls) {
      const own = calls.filter((entry) => entry.callId === callId).map(({ action }) => action)
      expect([["call.start", "call.settle"], ["call.settle"]]).toContainEqual(own)
    }
    const refused = events.flatMap((event) =>
      event.type === "call.settled" && event.code?.startsWith("call.") ? [event.callId] : [],
    )
    expect(refused.length).toBeGreaterThan(0)
    expect((await scene.run(["audit", "verify"])).out).toMatch(/^intact +\d+ lines, 1 to \d+/)
  })

  test("is found by the name of a file, and holds no word of what was said, written or run", async () => {
    using talk = talking({ calls: WORK }, { text: CANARY })
    const { scene } = talk
    await scene.run(["-p", CANARY])
    const found = await audited(scene, "--resource", scene.path(`${CANARY}.txt`), "--action", "call.start")
    expect(found).toMatchObject([{ action: "call.start", actor: "model" }])
    expect(await audited(scene, "--resource", `${CANARY}.txt`, "--since", "1h", "--decision", "allow")).toEqual(found)
    expect(await audited(scene, "--resource", "/never/seen")).toEqual([])
    const record = (await scene.run(["audit", "path"])).out.trim()
    for (const path of [...scene.files(dirname(record)), ...scene.files(join(scene.data, "audit-heads"))])
      expect(readFileSync(path, "utf8")).not.toContain(CANARY)
  })

  test("that cannot be written stops the action, not the conversation, and nothing of it is done", async () => {
    using talk = talking(
      { calls: [{ name: "write", args: { path: "made.txt", content: "x" } }] },
      { text: "I could not." },
    )
    const { scene } = talk
    mkdirSync(join(scene.data, "audit/audit.jsonl"), { recursive: true, mode: 0o700 })
    const ran = await scene.run(["-p", "write"])
    expect(ran.out).toBe("I could not.\n")
    expect(talk.server.conversations.at(-1)?.results[0]?.text).toContain("Cannot record the action in")
    expect(scene.files(scene.cwd)).toEqual([])
    const without = await scene.run(["-p", "write", "-c", "audit.enabled=false"])
    expect(without.code).toBe(0)
  })

  test("goes with what leaves nothing behind, but for a place that the person named", async () => {
    const look = { calls: [{ name: "read", args: { path: "none" } }] }
    const done = { text: "Done." }
    using talk = talking(look, done, look, done, look, done)
    const { scene } = talk
    await scene.run(["-p", "go", "--ephemeral"])
    expect(await audited(scene)).toEqual([])
    const named = ["-c", `audit.file="${join(scene.root, "named/record.jsonl")}"`]
    for (let run = 0; run < 2; run++) await scene.run(["-p", "go", "--ephemeral", ...named])
    expect(await scene.run(["audit", "verify", ...named])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^intact/),
    })
  })

  test("may not be turned off, moved or shortened by a project", async () => {
    using talk = talking({ calls: [{ name: "bash", args: { command: "echo hi" } }] }, { text: "Done." })
    const { scene } = talk
    mkdirSync(scene.path(".skein"))
    writeFileSync(
      scene.path(".skein/config.toml"),
      `[audit]\nenabled = false\nfile = "${scene.path("theirs")}"\nmb = 1\nsync = true\n`,
    )
    const ran = await scene.run(["-p", "go"])
    for (const key of ["enabled", "file", "mb", "sync"]) expect(ran.err).toContain(`Ignored audit.${key} in`)
    expect(await audited(scene, "--action", "call")).toHaveLength(2)
  })

  test("that was cut, changed or torn says so with exit 1 and the first line", async () => {
    using talk = talking({ calls: WORK }, { text: "Done." })
    const { scene } = talk
    await scene.run(["-p", "work"])
    const path = (await scene.run(["audit", "path"])).out.trim()
    const whole = readFileSync(path)
    const verify = () => scene.run(["audit", "verify"])
    writeFileSync(path, whole.toString().replace('"allow"', '"denyy"'))
    expect(await verify()).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^broken .*audit\.jsonl, line 2: it is not what was written/),
    })
    writeFileSync(path, whole)
    truncateSync(path, whole.indexOf("\n") + 1)
    expect(await verify()).toMatchObject({
      code: 1,
      out: expect.stringContaining("after line 1 had been written and are gone"),
    })
    writeFileSync(path, whole)
    appendFileSync(path, '{"v":1,"se')
    expect(await verify()).toMatchObject({ code: 0, out: expect.stringContaining("intact") })
    chmodSync(path, 0o600)
    rmSync(dirname(path), { recursive: true })
    expect((await verify()).code).toBe(1)
  })
})
