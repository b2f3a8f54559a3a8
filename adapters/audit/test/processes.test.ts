import { expect, test } from "bun:test"
import { join } from "node:path"
import { queryAudit, verifyAudit } from "../src/reading.ts"
import { scene } from "./scene.ts"

const HANG_MS = 60_000
const CHILD = join(import.meta.dir, "writer-child.ts")
const ROUNDS = process.env.SKEIN_SOAK === "1" ? 300 : 6

function writer(dataDir: string, name: string, count?: number) {
  const words = count === undefined ? [] : [String(count)]
  return Bun.spawn([process.execPath, CHILD, dataDir, name, ...words], { stdout: "pipe", stderr: "inherit" })
}

test(
  "several processes write one chain, over files that are full",
  async () => {
    using at = scene()
    const children = ["a", "b", "c"].map((name) => writer(at.dataDir, name, 150))
    await Promise.all(children.map(({ exited }) => exited))
    expect(verifyAudit(at)).toMatchObject({ state: "intact", lines: 900, breaks: [], notes: [] })
    for (const name of ["a", "b", "c"]) {
      const own = queryAudit(at.file, {}).filter(({ callId }) => callId?.startsWith(`cal_${name}-`))
      expect(own.map(({ callId, action }) => `${callId} ${action}`)).toEqual(
        Array.from({ length: 150 }, (_, at) => [
          `cal_${name}-${at + 1} call.start`,
          `cal_${name}-${at + 1} call.settle`,
        ]).flat(),
      )
    }
  },
  HANG_MS,
)

test(
  "a kill at any moment loses nothing that was acknowledged, and breaks no chain",
  async () => {
    using at = scene()
    const acknowledged: string[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const children = ["a", "b"].map((name) => writer(at.dataDir, `${name}${round}`))
      const told = await Promise.all(
        children.map(async (child, index) => {
          let text = ""
          for await (const chunk of child.stdout) {
            text += new TextDecoder().decode(chunk)
            if (text.split("\n").length > 20 + round * 7 + index * 13) child.kill("SIGKILL")
          }
          await child.exited
          return text.slice(0, text.lastIndexOf("\n")).split("\n").at(-1)
        }),
      )
      acknowledged.push(...told.map((nth, index) => `cal_${["a", "b"][index]}${round}-${nth}`))
      expect(verifyAudit(at)).toMatchObject({ state: "intact", breaks: [] })
    }
    const settled = new Set(queryAudit(at.file, { action: "call.settle" }).map(({ callId }) => callId))
    expect(acknowledged.filter((id) => !settled.has(id))).toEqual([])
  },
  HANG_MS,
)
