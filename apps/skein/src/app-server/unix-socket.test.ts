import { afterAll, expect, test } from "bun:test"
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { socketPlace } from "./unix-socket.ts"

const folder = mkdtempSync(join(tmpdir(), "skein-socket-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test("of two that come for a place at once one gets it, before either has bound", async () => {
  const path = join(folder, "both.sock")
  const came = await Promise.allSettled([socketPlace(path), socketPlace(path)])

  expect(came.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"])
  for (const one of came) {
    if (one.status === "fulfilled") one.value.remove()
    else expect(String(one.reason)).toContain("another server listens there")
  }
})

test("a place is free again once it is given up, or could not be bound", async () => {
  const path = join(folder, "again.sock")
  const first = await socketPlace(path)
  expect(() =>
    first.bind(() => {
      throw new Error("No port")
    }),
  ).toThrow("No port")
  const second = await socketPlace(path)
  const server = second.bind((unix) => Bun.listen({ unix, socket: { data() {} } }))
  expect(statSync(path).mode & 0o777).toBe(0o600)
  await expect(socketPlace(path)).rejects.toThrow("another server listens there")
  server.stop(true)
  second.remove()
  expect(existsSync(path)).toBe(false)
  const third = await socketPlace(path)
  third.remove()
})
