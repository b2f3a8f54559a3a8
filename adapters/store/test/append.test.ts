import { expect, test } from "bun:test"
import { fdatasync, mkdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { logs } from "../src/index.ts"
import { bytesOf, events, refusalOf, scene } from "./scene.ts"

test("all who ask for the disk at once, or while it is busy, share one sync", async () => {
  using own = scene()
  const all = events(100)
  const disk = gatedDisk()
  const log = await logs({ dataDir: own.dataDir, toDisk: disk.sync }).create("ses_a")
  const append = (seq: number) => log.append(all.slice(seq - 1, seq), { flush: true })

  const first = Array.from({ length: 40 }, (_, index) => append(index + 1))
  await disk.asked()
  const second = Array.from({ length: 59 }, (_, index) => append(index + 41))
  disk.answer()
  await Promise.all(first)
  await disk.asked()
  disk.answer()
  await Promise.all(second)
  expect(disk.syncs()).toBe(2)
  await log.close()
  expect(disk.syncs()).toBe(2)
})

test("nothing is acknowledged as flushed before the disk has it", async () => {
  using own = scene()
  const disk = gatedDisk()
  const log = await logs({ dataDir: own.dataDir, toDisk: disk.sync }).create("ses_a")
  let isAcknowledged = false
  const done = log.append(events(1), { flush: true }).then(() => {
    isAcknowledged = true
  })
  await disk.asked()
  expect([isAcknowledged, (await own.logs.read("ses_a")).length]).toEqual([false, 1])
  disk.answer()
  await done
  await log.close()
})

test("what nobody flushed is on disk within a second or at the close", async () => {
  using own = scene()
  const disk = gatedDisk()
  const port = logs({ dataDir: own.dataDir, toDisk: disk.sync })
  const log = await port.create("ses_a")
  await log.append(events(1), { flush: false })
  await disk.asked()
  disk.answer()

  await log.append(events(2).slice(1), { flush: false })
  const closed = log.close()
  await disk.asked()
  disk.answer()
  await closed
  expect(disk.syncs()).toBe(2)
})

test("after a failed sync nothing is acknowledged, and the log can be opened again", async () => {
  using own = scene()
  const failing = logs({
    dataDir: own.dataDir,
    toDisk: () => Promise.reject(Object.assign(new Error("EIO: i/o error, fdatasync"), { code: "EIO" })),
  })
  const log = await failing.create("ses_a")
  const wanted = `log.unwritable: Cannot write ${own.path("ses_a")}: the disk reports an error; check it before you go on (EIO).`
  await log.append(events(1), { flush: false })
  const together = [log.append(events(2).slice(1), { flush: true }), log.append(events(3).slice(2), { flush: true })]
  for (const one of together) expect(await refusalOf(one)).toContain(wanted)
  expect(await refusalOf(log.append(events(4).slice(3), { flush: false }))).toContain(wanted)
  await log.close()
  await (await own.logs.open("ses_a")).close()
})

const noRoot = process.getuid?.() !== 0

test.skipIf(noRoot)(
  "a full disk refuses and leaves whole lines; after space returns the session goes on (needs root)",
  async () => {
    using own = scene()
    const disk = join(own.dataDir, "disk")
    mkdirSync(disk)
    expect(Bun.spawnSync(["mount", "-t", "tmpfs", "-o", "size=64k", "skein-test", disk]).exitCode).toBe(0)
    try {
      const port = logs({ dataDir: disk })
      const all = events(5000)
      const log = await port.create("ses_a")
      let acknowledged = 0
      const refused = await refusalOf(
        (async () => {
          for (; acknowledged < all.length; acknowledged += 3)
            await log.append(all.slice(acknowledged, acknowledged + 3), { flush: acknowledged % 2 === 0 })
        })(),
      )
      expect(refused).toContain("the disk is full; free some space and resume the session (ENOSPC)")
      expect(await refusalOf(log.append(all.slice(acknowledged, acknowledged + 1), { flush: true }))).toBe(refused)
      await log.close()
      expect((await port.read("ses_a")).length).toBe(acknowledged)
      expect(
        await refusalOf(port.create("ses_b").then((other) => other.append(events(1, "ses_b"), { flush: true }))),
      ).toContain("ENOSPC")

      Bun.spawnSync(["mount", "-o", "remount,size=1m", disk])
      const again = await port.open("ses_a")
      await again.append(all.slice(acknowledged, acknowledged + 50), { flush: true })
      await again.close()
      expect(await port.read("ses_a")).toEqual(all.slice(0, acknowledged + 50))
    } finally {
      Bun.spawnSync(["umount", "-l", disk])
      rmSync(disk, { recursive: true, force: true })
    }
  },
)

test("one append is one piece of whole lines, each with its checksum last", async () => {
  const lines = (await bytesOf(events(3))).toString().split("\n")
  expect(lines.length).toBe(4)
  for (const line of lines.slice(0, 3)) expect(line).toMatch(/^\{"type":.*,"sum":"[0-9a-f]{8}"\}$/)
})

/** A disk that answers when told to, through the real fdatasync. */
function gatedDisk() {
  let count = 0
  const asked: (() => void)[] = []
  const arrived: (() => void)[] = []
  return {
    syncs: () => count,
    sync(fd: number): Promise<void> {
      count++
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      arrived.push(() => fdatasync(fd, (error) => (error ? reject(error) : resolve())))
      asked.shift()?.()
      return promise
    },
    /** Resolves when a sync waits for its answer. */
    async asked() {
      if (arrived.length === 0) await new Promise<void>((resolve) => asked.push(resolve))
    },
    answer() {
      arrived.shift()?.()
    },
  }
}
