import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { isDurable } from "@skein/protocol"
import { describeBinary, IS_SOAK } from "./ground/binary.ts"
import { append, modelServer } from "./ground/model.ts"
import { processesLeft } from "./ground/processes.ts"
import { eventsOf, Scene } from "./ground/scene.ts"
import type { Wire } from "./ground/wire.ts"
import { WIRES } from "./ground/wires.ts"

const KILLS = IS_SOAK ? 500 : 50
/** At once: half of the cores' worth of runs, so that some are slow and some are not. */
const LANES = 4
/** A little longer than the turn takes on a quiet machine. */
const LIFE_MS_MAX = 260
const HANG_MS = IS_SOAK ? 600_000 : 90_000

describeBinary("kill -9", () => {
  test(
    `at ${KILLS} random moments of a turn loses no event that was told, runs nothing twice, and leaves no process`,
    async () => {
      const moments = Array.from({ length: KILLS }, () => Math.random() * LIFE_MS_MAX)
      const told = { events: 0, resumed: 0 }
      const lane = async () => {
        for (let at = moments.pop(); at !== undefined; at = moments.pop()) {
          const wire = WIRES[moments.length % WIRES.length]
          if (wire === undefined) throw new Error("No wire")
          const events = await killOnce(wire, at)
          told.events += events
          if (events > 0) told.resumed++
        }
      }
      await Promise.all(Array.from({ length: LANES }, lane))
      // Else the moments were too early to mean anything.
      expect(told.resumed).toBeGreaterThan(KILLS / 4)
    },
    HANG_MS,
  )
})

async function killOnce(wire: Wire, afterMs: number): Promise<number> {
  let isResumed = false
  const server = modelServer(wire, async (asked) => {
    const { length } = asked.conversation.results
    if (isResumed || length >= 6) return asked.say({ text: "Went on." })
    const calls = [append(`call-${length}`, "; sleep 0.03; echo x"), append(`call-${length + 1}`)]
    const bytes = asked.bytes({ text: `Step with ${length} results. `.repeat(20), calls })
    await asked.answer.head(200)
    for (let at = 0; at < bytes.length; at += 400) {
      await asked.answer.piece(bytes.subarray(at, at + 400))
      await Bun.sleep(1)
    }
    await asked.answer.end()
  })
  const scene = new Scene(wire.env(server.url))
  const where = `${wire.name}, killed after ${afterMs.toFixed(1)} ms`
  try {
    const child = scene.start(["-p", "work", "-m", wire.model, "--output-format", "events"])
    const output = child.stdout.text()
    await Bun.sleep(afterMs)
    child.kill("SIGKILL")
    await child.exited
    const acknowledged = eventsOf(await output).filter(isDurable)
    expect({ where, left: await processesLeft(scene.root, 2_000) }).toEqual({ where, left: [] })

    isResumed = true
    const resumed = await scene.run(["resume", "--last", "go on", "-m", wire.model])
    expect({ where, complaints: server.complaints }).toEqual({ where, complaints: [] })
    if (resumed.code !== 0) {
      // Nothing was told, so there may be nothing yet.
      expect({ where, acknowledged, code: resumed.code }).toEqual({ where, acknowledged: [], code: 1 })
      expect(resumed.err).toContain("There is no session to go on with")
      return 0
    }
    expect({ where, out: resumed.out }).toEqual({ where, out: "Went on.\n" })
    expect(resumed.ms).toBeLessThan(20_000)
    expect(server.conversations.at(-1)?.said.at(-1)).toBe("go on")
    const log = logText(scene)
    expect({ where, lost: acknowledged.filter(({ id }) => !log.includes(id)) }).toEqual({ where, lost: [] })
    const ran = scene.files(scene.cwd).length === 0 ? [] : scene.read("ran.txt").trim().split("\n")
    expect({ where, twice: ran.filter((line, at) => ran.indexOf(line) !== at) }).toEqual({ where, twice: [] })
    return acknowledged.length
  } finally {
    server.stop()
    scene.remove()
  }
}

function logText(scene: Scene): string {
  return readdirSync(scene.data, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".jsonl"))
    .map((path) => readFileSync(join(scene.data, path), "utf8"))
    .join("\n")
}
