import { afterEach, beforeEach, expect, test } from "bun:test"
import type { Event } from "@skein/protocol"
import { describeBinary, IS_SOAK } from "./ground/binary.ts"
import { type ModelServer, modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { newSession, prompt, serving, until } from "./ground/serving.ts"
import { slowly } from "./ground/streaming.ts"
import { anthropic as wire } from "./ground/wire-anthropic.ts"

const HANG_MS = 240_000
const KILLS = IS_SOAK ? 100 : 8
/** A little longer than it takes until a prompt is in the log. */
const LIFE_MS_MAX = 60

let model: ModelServer
let at: Scene
beforeEach(() => {
  model = modelServer(wire, slowly({ text: "Nine char".repeat(200) }, 200, 1_000))
  at = new Scene(wire.env(model.url))
})
afterEach(() => {
  model.stop()
  at.remove()
})

describeBinary("skein serve and kill -9", () => {
  test(
    `a server that is killed ${KILLS} times, at moments of chance: its client goes on behind its last event, and no op is done twice`,
    async () => {
      let server = await serving(at, [])
      const states: string[] = []
      const engine = await server.connect({ onState: (state) => states.push(state), reconnectMs: 60_000 })
      const sessionId = await newSession(engine, at.cwd)
      const seqs: number[] = []
      const reading = (async () => {
        for await (const event of engine.events({ sessionId, from: 1 })) if ("seq" in event) seqs.push(event.seq)
      })()
      for (let count = 1; count <= KILLS; count++) {
        const asked = prompt(engine, sessionId, `prompt ${count}.`)
        await Bun.sleep(Math.random() * LIFE_MS_MAX)
        await server.end("SIGKILL")
        server = await serving(at, [])
        expect((await asked).status).toBe("accepted")
      }
      const all = await until(engine.events({ sessionId, from: 1 }), "session.snapshot")
      for (let count = 1; count <= KILLS; count++) {
        const told = all.filter((event) => JSON.stringify(event).includes(`prompt ${count}.`))
        expect({ count, inputs: new Set(told.flatMap(inputsOf)).size }).toEqual({ count, inputs: 1 })
      }
      const { seq } = await engine.ask({ type: "session.read", sessionId })
      while ((seqs.at(-1) ?? 0) < seq) await Bun.sleep(5)
      expect(seqs.slice(0, seq)).toEqual(Array.from({ length: seq }, (_, index) => index + 1))
      // Some fall into the time in which it is not connected yet.
      expect(states.filter((state) => state === "lost").length).toBeGreaterThanOrEqual(KILLS / 4)
      engine.close()
      await reading
      await server.end("SIGTERM")
    },
    HANG_MS,
  )

  test(
    "a client that is killed takes nothing with it: its turn goes on, and another one sees all of it",
    async () => {
      const server = await serving(at, [])
      const engine = await server.connect()
      const sessionId = await newSession(engine, at.cwd)
      const script = `
        import { connect, dialing } from "@skein/rpc"
        const engine = await connect(dialing(${JSON.stringify(server.addresses[0])}), { client: { name: "killed", version: "0" } })
        const events = engine.events({ sessionId: ${JSON.stringify(sessionId)}, from: 1 })
        const input = [{ type: "text", text: "go on without me" }]
        await engine.submit({ type: "turn.submit", sessionId: ${JSON.stringify(sessionId)}, input, delivery: "start" })
        for await (const event of events) if (event.type === "item.delta") process.stdout.write("heard")`
      const child = Bun.spawn([process.execPath, "-e", script], {
        cwd: import.meta.dir,
        stdout: "pipe",
        stderr: "inherit",
      })
      await child.stdout.getReader().read()
      child.kill("SIGKILL")
      await child.exited
      const seen = await until(engine.events({ sessionId, from: 1 }), "turn.ended")
      expect(seen.at(-1)).toMatchObject({ outcome: { kind: "completed" } })
      engine.close()
      await server.end("SIGTERM")
    },
    HANG_MS,
  )
})

/** The names of what a person said, as an event that holds it has them. */
function inputsOf(event: Event): readonly string[] {
  return event.type === "turn.started" || event.type === "input.queued" ? [event.inputId] : []
}
