import { describe, expect, setDefaultTimeout, test } from "bun:test"
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { compose, type Host } from "@skein/host"
import { accepted, type Event, type SessionId } from "@skein/protocol"
import { modelServer } from "./ground/model.ts"
import { WIRES } from "./ground/wires.ts"

setDefaultTimeout(60_000)

type Reply = Parameters<Parameters<Parameters<typeof modelServer>[1]>[0]["say"]>[0]

/** Not below /tmp, which commands see a private one of. */
async function played(replies: readonly Reply[], settings: object, play: (world: World) => Promise<void>) {
  const [wire] = WIRES
  if (wire === undefined) throw new Error("No wire")
  const base = realpathSync(mkdtempSync("/var/tmp/skein-dry-run-"))
  const [cwd, home, tmp] = ["project", "home", "tmp"].map((name) => join(base, name))
  if (cwd === undefined || home === undefined || tmp === undefined) throw new Error("Three names, three folders")
  for (const folder of [cwd, home, tmp]) mkdirSync(folder)
  const server = modelServer(wire, (asked) => asked.say(replies[asked.request.index] ?? { text: "done" }))
  const env = { PATH: "/usr/bin:/bin", HOME: home, TMPDIR: tmp, ...wire.env(server.url) }
  const host = compose({ env, cwd, home, version: "0.0.0", flags: { model: wire.model, mode: "ask" } })
  try {
    for (const [name, text] of [
      ["a", "one\n"],
      ["b", "b\n"],
    ] as const)
      writeFileSync(join(cwd, name), text)
    const model = (await host.startModel()) ?? ""
    const { sessionId } = await accepted(host.engine, {
      ...{ type: "session.create", cwd, settings: { model, ...settings }, isInteractive: true },
    })
    const { conversations } = server
    await play({ host, cwd, sessionId, layers: join(home, ".local/share/skein/layers"), conversations })
  } finally {
    await host.close()
    server.stop()
    rmSync(base, { recursive: true })
  }
}

interface World {
  readonly host: Host
  readonly cwd: string
  readonly sessionId: SessionId
  readonly layers: string
  readonly conversations: readonly unknown[]
}

/** Says it, answers every question as told, and returns what was asked and what happened. */
async function turn({ host, sessionId }: World, answers: readonly ("allow_once" | "preview" | "reject_once")[]) {
  const { engine } = host
  const left = [...answers]
  await accepted(engine, { type: "client.attach", sessionId, clientId: "cli_a", answers: ["approval"] })
  const { seq } = await engine.ask({ type: "session.read", sessionId })
  const events: Event[] = []
  const listening = (async () => {
    for await (const event of engine.events({ sessionId, from: seq + 1 })) {
      events.push(event)
      if (event.type === "approval.requested") {
        const answer = left.shift() ?? "reject_once"
        await accepted(engine, { type: "approval.answer", sessionId, approvalId: event.approvalId, answer })
      }
      if (event.type === "turn.ended") return
    }
  })()
  await accepted(engine, { type: "turn.submit", sessionId, input: [{ type: "text", text: "go" }], delivery: "start" })
  await listening
  return events
}

const asked = (events: readonly Event[]) =>
  events.flatMap((event) => (event.type === "approval.requested" ? [event.subject] : []))

const bash = (command: string) => ({ calls: [{ name: "bash", args: { command } }] })
const found = await compose({
  ...{
    env: { PATH: "/usr/bin:/bin", HOME: "/var/tmp", TMPDIR: "/var/tmp" },
    cwd: "/var/tmp",
    home: "/var/tmp",
    version: "0.0.0",
  },
  isEphemeral: true,
}).layers.available()
if (!found.isAvailable) console.warn(`Skipped, because layers do not work here: ${found.reason} ${found.cure}`)

describe.skipIf(!found.isAvailable)("a turn that is tried out", () => {
  const replies: readonly Reply[] = [
    bash("echo two >> a; rm b; mkdir d; echo x > d/x"),
    { calls: [{ name: "read", args: { path: "a" } }] },
    { calls: [{ name: "edit", args: { path: "a", oldText: "two", newText: "three" } }] },
    bash("cat a; ls"),
  ]

  test("asks once, about all of it, and keeps all of it, to be undone as one", async () => {
    await played(replies, { dryRun: true }, async (world) => {
      const events = await turn(world, ["allow_once"])

      expect(asked(events)).toEqual(["effects"])
      const changed = events.flatMap((event) => (event.type === "files.changed" ? event.changes : []))
      expect(changed.map(({ path }) => path.slice(world.cwd.length + 1)).toSorted()).toEqual(["a", "b", "d", "d/x"])
      expect(readFileSync(join(world.cwd, "a"), "utf8")).toBe("one\nthree\n")
      expect([existsSync(join(world.cwd, "b")), readdirSync(world.layers)]).toEqual([false, []])

      const back = { type: "session.rewind", to: { kind: "undo", turns: 1 }, scope: "code" } as const
      await accepted(world.host.engine, { ...back, sessionId: world.sessionId })
      expect(readFileSync(join(world.cwd, "a"), "utf8")).toBe("one\n")
      expect([existsSync(join(world.cwd, "b")), existsSync(join(world.cwd, "d"))]).toEqual([true, false])
    })
  })

  test("refused, leaves everything as it was, and the model is told", async () => {
    await played(replies, { dryRun: true }, async (world) => {
      const events = await turn(world, ["reject_once"])

      expect(asked(events)).toEqual(["effects"])
      expect(events.some(({ type }) => type === "files.changed")).toBe(false)
      expect(readdirSync(world.cwd).toSorted()).toEqual(["a", "b"])
      expect([readFileSync(join(world.cwd, "a"), "utf8"), readdirSync(world.layers)]).toEqual(["one\n", []])
      await accepted(world.host.engine, {
        ...{ type: "settings.change", sessionId: world.sessionId, changes: { dryRun: false } },
      })
      await turn(world, [])
      expect(JSON.stringify(world.conversations.at(-1))).toContain("The dry run was dropped")
    })
  })

  test("one command is tried out when the person asks for it, kept by what it did, and undone", async () => {
    await played([bash("echo two >> a; rm b")], {}, async (world) => {
      const events = await turn(world, ["preview", "allow_once"])

      expect(asked(events)).toEqual(["call", "effects"])
      const effects = events.findLast((event) => event.type === "approval.requested")?.effects
      expect(effects?.changes.map(({ path, kind }) => [path.slice(world.cwd.length + 1), kind])).toEqual([
        ["a", "update"],
        ["b", "delete"],
      ])
      expect([readFileSync(join(world.cwd, "a"), "utf8"), existsSync(join(world.cwd, "b"))]).toEqual([
        "one\ntwo\n",
        false,
      ])
      expect(events.filter(({ type }) => type === "files.changed")).toHaveLength(1)
    })
  })
})
