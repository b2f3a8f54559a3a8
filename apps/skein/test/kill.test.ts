import { expect, test } from "bun:test"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { isDurable } from "@skein/protocol"
import { describeBinary, IS_SOAK } from "./ground/binary.ts"
import { type Asked, append, modelServer } from "./ground/model.ts"
import { processesLeft } from "./ground/processes.ts"
import { eventsOf, Scene } from "./ground/scene.ts"
import type { Reply, Wire } from "./ground/wire.ts"
import { WIRES } from "./ground/wires.ts"

const KILLS = IS_SOAK ? 500 : 50
/** At once: half of the cores' worth of runs, so that some are slow and some are not. */
const LANES = 4
/** A little longer than the turn takes on a quiet machine. */
const LIFE_MS_MAX = 400
const HANG_MS = IS_SOAK ? 600_000 : 90_000

describeBinary("kill -9", () => {
  test(
    `at ${KILLS} random moments of streams, calls and summaries loses no event that was told, runs nothing twice, and leaves no process`,
    async () => {
      const moments = Array.from({ length: KILLS }, () => Math.random() * LIFE_MS_MAX)
      const told = { events: 0, resumed: 0 }
      const lane = async () => {
        for (let at = moments.pop(); at !== undefined; at = moments.pop()) {
          const wire = WIRES[moments.length % WIRES.length]
          if (wire === undefined) throw new Error("No wire")
          const events = await killOnce(wire, at, moments.length % 2 === 0)
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

/** With a small window the kill falls into the first summary, or soon after it. */
async function killOnce(wire: Wire, afterMs: number, hasSmallWindow: boolean): Promise<number> {
  let isResumed = false
  let calls = 0
  const summing = Promise.withResolvers<void>()
  const server = modelServer(wire, async (asked) => {
    if (asked.request.text.includes("You write the summary")) {
      summing.resolve()
      return slowly(asked, { text: "Summed up. ".repeat(60) })
    }
    if (isResumed || asked.conversation.results.length >= (hasSmallWindow ? 40 : 6))
      return asked.say({ text: "Went on." })
    const two = [append(`call-${calls++}`, "; sleep 0.03; echo x"), append(`call-${calls++}`)]
    await slowly(asked, { text: `Step after ${calls} calls. `.repeat(hasSmallWindow ? 300 : 20), calls: two })
  })
  const scene = new Scene(wire.env(server.url))
  const where = `${wire.name}, killed after ${afterMs.toFixed(1)} ms`
  try {
    const window = `models."${wire.model}"`
    const small = ["-c", `${window}.context_tokens=6000`, "-c", `${window}.output_tokens=500`]
    const args = ["-p", "work", "-m", wire.model, "--output-format", "events"]
    const child = scene.start(hasSmallWindow ? [...args, ...small] : args)
    const output = child.stdout.text()
    if (hasSmallWindow) await summing.promise
    await Bun.sleep(hasSmallWindow ? afterMs / 4 : afterMs)
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

async function slowly(asked: Asked, reply: Reply): Promise<void> {
  const bytes = asked.bytes(reply)
  await asked.answer.head(200)
  for (let at = 0; at < bytes.length; at += 400) {
    await asked.answer.piece(bytes.subarray(at, at + 400))
    await Bun.sleep(1)
  }
  await asked.answer.end()
}

function logText(scene: Scene): string {
  return readdirSync(scene.data, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".jsonl"))
    .map((path) => readFileSync(join(scene.data, path), "utf8"))
    .join("\n")
}
