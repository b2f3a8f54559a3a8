import { afterAll, expect, test } from "bun:test"
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { socketPlace } from "../src/index.ts"

const folder = mkdtempSync(join(tmpdir(), "skein-socket-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The system's own lock is the host's to bring; here one process is alone, and keeps them itself. */
function locks() {
  let isHeld = false
  return () => {
    if (isHeld) return { kind: "held" } as const
    isHeld = true
    return { kind: "locked" } as const
  }
}

test("of two that come for a place at once one gets it, before either has bound", async () => {
  const [path, lock] = [join(folder, "both.sock"), locks()]
  const came = await Promise.allSettled([socketPlace({ path, lock }), socketPlace({ path, lock })])

  expect(came.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"])
  for (const one of came) {
    if (one.status === "fulfilled") await one.value.release()
    else expect(String(one.reason)).toContain("somebody serves there already")
  }
})

test("a place is free again once it is given up, or could not be bound", async () => {
  const path = join(folder, "again.sock")
  const first = await socketPlace({ path, lock: locks() })
  const failing = first.bind(() => {
    throw new Error("No port")
  })
  await expect(failing).rejects.toThrow("No port")
  const second = await socketPlace({ path, lock: locks() })
  const server = await second.bind((unix) => Bun.listen({ unix, socket: { data() {} } }))
  expect(statSync(path).mode & 0o777).toBe(0o600)
  await expect(socketPlace({ path, lock: locks() })).rejects.toThrow("somebody serves there already")
  await second.release(async () => server.stop(true))
  expect(existsSync(path)).toBe(false)
  const third = await socketPlace({ path, lock: locks() })
  await third.release()
})

test("where listening is refused nothing is left behind", async () => {
  const open = join(folder, "open")
  mkdirSync(open)
  chmodSync(open, 0o777)
  await expect(socketPlace({ path: join(open, "s"), lock: locks() })).rejects.toThrow("yours alone")
  const own = join(folder, "own")
  mkdirSync(own, { mode: 0o700 })
  writeFileSync(join(own, "file"), "mine")
  await expect(socketPlace({ path: join(own, "file"), lock: locks() })).rejects.toThrow("no socket")
  expect([readdirSync(open), readdirSync(own)]).toEqual([[], ["file"]])
})
