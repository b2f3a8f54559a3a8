import { expect, test } from "bun:test"
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { OwnTerminal } from "./own-terminal.ts"

/** A terminal that is a file, so that all that came to it can be read. */
function onFile() {
  const folder = mkdtempSync(join(tmpdir(), "skein-terminal-"))
  const path = join(folder, "tty")
  const fd = openSync(path, "w")
  const size = { columns: 80, rows: 24 }
  const terminal = new OwnTerminal({
    ...{ fd, inputPath: undefined, size: () => size },
    setRaw: (isRaw) => void writeSync(fd, isRaw ? "[raw]" : "[not]"),
    close: () => closeSync(fd),
  })
  terminal.useModes({ on: "<on>", off: "<off>", last: "<last>" })
  return {
    terminal,
    written: () => readFileSync(path, "utf8"),
    [Symbol.dispose]() {
      terminal.close()
      rmSync(folder, { recursive: true })
    },
  }
}

test("what is written while it is lent comes with its own again, and once it is closed nowhere", () => {
  using at = onFile()
  const { terminal } = at
  terminal.raw()
  terminal.write("mine")
  terminal.cooked()
  terminal.write("kept")
  terminal.cooked()
  terminal.raw()
  terminal.raw()
  terminal.close()
  terminal.write("late")
  terminal.raw()
  expect(at.written()).toBe("[raw]<on>mine<off>[not][raw]<on>kept<off>[not]")
})

test("modes are changed at once while it is its own, and else hold from the next time", () => {
  using at = onFile()
  const { terminal } = at
  terminal.raw()
  terminal.useModes({ on: "<there>", off: "<not there>", screen: { enter: "<enter>", leave: "<leave>" } })
  terminal.cooked()
  terminal.useModes({ on: "<here>", off: "<not here>" })
  terminal.raw()
  expect(at.written()).toBe("[raw]<on><off><enter><there><not there>[not]<leave>[raw]<here>")
})
