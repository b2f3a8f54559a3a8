import { expect, test } from "bun:test"
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { sessionEvents } from "@skein/testkit"
import { catalogue, logs, meter } from "../src/index.ts"
import { refusalOf, scene } from "./scene.ts"
import { olderBytes, olderUpgrades } from "./version-zero.ts"

const noRoot = process.getuid?.() !== 0
const ALL = sessionEvents("ses_a", 4000, "d".repeat(80))

/** Runs on a disk of its own that can be filled. */
async function withDisk(use: (disk: { readonly path: string; fill(): void; grow(): void }) => Promise<void>) {
  using own = scene()
  const path = join(own.dataDir, "disk")
  mkdirSync(path)
  expect(Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=512k", "skein-test", path]).exitCode).toBe(0)
  try {
    await use({
      path,
      fill() {
        for (const size of [4096, 1]) {
          try {
            for (;;) appendFileSync(join(path, "filler"), Buffer.alloc(size))
          } catch (error) {
            if (!String(error).includes("ENOSPC")) throw error
          }
        }
      },
      grow() {
        expect(Bun.spawnSync(["mount", "-o", "remount,size=16m", path]).exitCode).toBe(0)
      },
    })
  } finally {
    Bun.spawnSync(["umount", "-l", path])
    rmSync(path, { recursive: true, force: true })
  }
}

test.skipIf(noRoot)(
  "on a full disk points are let go, every question is answered, and after space returns all goes on (needs root)",
  () =>
    withDisk(async ({ path, fill, grow }) => {
      const port = logs({ dataDir: path })
      const told: string[] = []
      const records = meter({ dataDir: path, onUnwritable: (sentence) => told.push(sentence) })
      const log = await port.create("ses_a")
      await log.append(ALL.slice(0, 600), { flush: true })
      await log.savePoint({ seq: 500, state: "before" })
      fill()
      await log.savePoint({ seq: 600, state: "x".repeat(50_000) })
      expect(await refusalOf(log.append(ALL.slice(600), { flush: true }))).toContain(
        "the disk is full; free some space",
      )
      records.record(ALL.slice(0, 100))
      await records.close()
      await log.close()
      expect(told.length).toBe(1)
      expect(readdirSync(join(path, "sessions")).filter((name) => name.endsWith(".tmp"))).toEqual([])
      const sessions = catalogue({ dataDir: path })
      expect((await sessions.list({ includesArchived: true })).length).toBe(1)
      expect((await sessions.search({ text: "dd" })).length).toBe(1)
      sessions.close()

      grow()
      const again = await port.open("ses_a")
      expect([again.point, again.events]).toEqual([{ seq: 500, state: "before" }, ALL.slice(500, 600)])
      await again.append(ALL.slice(600), { flush: true })
      await again.savePoint({ seq: 4000, state: "after" })
      await again.close()
      expect(await port.read("ses_a")).toEqual(ALL)
      expect((await port.open("ses_a")).point).toEqual({ seq: 4000, state: "after" })
      expect((await sessions.search({ text: "dd" })).length).toBe(1)
      sessions.close()
    }),
)

test.skipIf(noRoot)(
  "on a full disk a repair and a migration refuse, leave the log as it was, and succeed when there is room (needs root)",
  () =>
    withDisk(async ({ path, fill, grow }) => {
      const port = logs({ dataDir: path, upgrades: olderUpgrades })
      mkdirSync(join(path, "sessions"))
      const older = await olderBytes(ALL.slice(0, 400))
      const torn = Buffer.concat([older, Buffer.alloc(9000, "t")])
      writeFileSync(join(path, "sessions", "ses_a.jsonl"), older)
      writeFileSync(join(path, "sessions", "ses_b.jsonl"), torn)
      fill()
      for (const [sessionId, bytes] of [["ses_a", older] as const, ["ses_b", torn] as const]) {
        expect(await refusalOf(port.open(sessionId))).toContain("the disk is full; free some space")
        expect(readFileSync(join(path, "sessions", `${sessionId}.jsonl`)).equals(bytes)).toBe(true)
        expect(await port.read(sessionId)).toEqual(ALL.slice(0, 400))
      }
      grow()
      for (const sessionId of ["ses_a", "ses_b"] as const) {
        const log = await port.open(sessionId)
        await log.append(ALL.slice(400), { flush: true })
        await log.close()
        expect(await port.read(sessionId)).toEqual(ALL)
      }
    }),
)
