import { afterEach, beforeEach, expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { deaf, killedMidway, listener, residentMb } from "./ground/crowd.ts"
import { type ModelServer, modelServer } from "./ground/model.ts"
import { Scene } from "./ground/scene.ts"
import { newSession, prompt, serving } from "./ground/serving.ts"
import { anthropic as wire } from "./ground/wire-anthropic.ts"

const HANG_MS = 180_000
const CLIENTS = 50
const TURNS = 4
/** 180 kB, in the deltas of a stream and in the log: more than any socket holds. */
const ANSWER = "Nine char".repeat(20_000)
/** The clients are in one process with their test: what is measured must stand out of that. */
const TIMES = 10
const GROWTH_MB_MAX = 96

let model: ModelServer
let at: Scene
beforeEach(() => {
  model = modelServer(wire, ({ say }) => say({ text: ANSWER }))
  at = new Scene(wire.env(model.url))
})
afterEach(() => {
  model.stop()
  at.remove()
})

describeBinary("skein serve with a crowd", () => {
  test(
    `${CLIENTS} clients of one session: a slow one, a deaf one and one that was killed keep nobody waiting, and lose nothing that lasts`,
    async () => {
      const server = await serving(at, [])
      const path = server.addresses[0]?.slice("unix:".length) ?? ""
      const person = await server.connect()
      const sessionId = await newSession(person, at.cwd)
      const healthy = await Promise.all(
        Array.from({ length: CLIENTS - 3 }, async () => listener(await server.connect(), sessionId)),
      )
      let turns = 0
      /** How long it takes from the prompt until the last of the healthy ones has the end of its turn. */
      const turn = async () => {
        const begun = performance.now()
        turns += 1
        await prompt(person, sessionId, `turn ${turns}`)
        const ended = await Promise.all(healthy.map((client) => client.ended(turns)))
        return Math.max(...ended) - begun
      }
      await turn()
      const alone = [await turn(), await turn()]
      const before = residentMb(server.pid)

      const slow = await server.connect()
      const unread = slow.events({ sessionId, from: 1 })[Symbol.asyncIterator]()
      const hearsNothing = await deaf(path, sessionId)
      await killedMidway(path, sessionId)
      const crowded: number[] = []
      for (let left = TURNS; left > 0; left--) crowded.push(await turn())
      const grown = residentMb(server.pid) - before
      const told = [alone, crowded].map((times) => times.map((ms) => `${ms.toFixed(0)} ms`).join(", "))
      console.info(
        `${CLIENTS} clients: a turn took ${told[0]}; with the slow ones ${told[1]}; memory +${grown.toFixed(1)} MB`,
      )
      expect(Math.max(...crowded)).toBeLessThan(TIMES * Math.max(...alone))
      expect(grown).toBeLessThan(GROWTH_MB_MAX)

      const { seq } = await person.ask({ type: "session.read", sessionId })
      const whole = Array.from({ length: seq }, (_, index) => index + 1)
      for (const client of healthy) expect(client.seqs).toEqual(whole)
      const late: number[] = []
      while (late.at(-1) !== seq) {
        const { value } = await unread.next()
        if (value !== undefined && "seq" in value) late.push(value.seq)
      }
      expect(late).toEqual(whole)
      expect(await hearsNothing.read(seq)).toEqual(whole)
      for (const client of [...healthy, slow, person, hearsNothing]) client.close()
      expect(await server.end("SIGTERM")).toBe(143)
    },
    HANG_MS,
  )
})
