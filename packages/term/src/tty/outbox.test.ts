import { expect, test } from "bun:test"
import { closeSync, constants, mkdtempSync, openSync, readSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Outbox } from "./outbox.ts"

const FRAME = "f".repeat(200_000)

/** A terminal that takes nothing until it is read. */
function stalled() {
  const folder = mkdtempSync(join(tmpdir(), "skein-outbox-"))
  const path = join(folder, "terminal")
  Bun.spawnSync(["mkfifo", path])
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
  const taken = () => {
    const bytes = Buffer.alloc(FRAME.length)
    return bytes.toString("utf8", 0, readSync(fd, bytes))
  }
  const end = () => {
    closeSync(fd)
    rmSync(folder, { recursive: true })
  }
  return { outbox: new Outbox(fd, () => undefined), taken, [Symbol.dispose]: end }
}

test("cut, what waits is let go of, and what was begun is ended before what follows", () => {
  using terminal = stalled()
  const { outbox, taken } = terminal
  for (const piece of [FRAME, "the next", "and another"]) outbox.write(piece)
  outbox.cut()
  outbox.write("given back")
  const begun = taken()
  expect(begun).toMatch(/^f+$/)
  outbox.drain(1_000)
  expect(taken()).toBe("\u0018\u001b\\\u001b]8;;\u001b\\given back")
  expect(outbox.isCongested).toBe(false)
})

test("cut between two of them, nothing has to be ended", () => {
  using terminal = stalled()
  const { outbox, taken } = terminal
  // So few are taken whole or not at all.
  while (!outbox.isCongested) outbox.write("f".repeat(512))
  outbox.cut()
  outbox.write("given back")
  expect(taken()).toMatch(/^f+$/)
  outbox.drain(1_000)
  expect(taken()).toBe("given back")
})
