import { expect, test } from "bun:test"
import type { Terminal } from "@skein/term"
import { noSystem, runTui } from "../src/index.ts"

/** What becomes of a terminal that does part of what it should otherwise. */
async function ran(broken: Partial<Terminal>) {
  const nothing = () => undefined
  let isClosed = false
  const terminal: Terminal = {
    ...{ size: { columns: 80, rows: 24 }, isCongested: false, write: nothing, raw: nothing, cooked: nothing },
    ...{ useModes: nothing, suspend: nothing, onStop: nothing, onContinue: nothing, onHangUp: nothing, onEnd: nothing },
    ...{ onInput: nothing, onResize: nothing, measure: () => false },
    ...broken,
    close() {
      isClosed = true
    },
  }
  const folders = { cwd: "/srv/shop", home: "/srv", env: { TERM: "xterm-256color" }, version: "1.2.3" }
  const connect = () => Promise.reject(new Error("Nobody connects"))
  const running = runTui({ ...folders, terminal, system: noSystem, now: () => 0, screen: "inline", connect })
  const error = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return { isClosed, error }
}

test("a terminal that cannot be taken is given back", async () => {
  const cannot = new Error("This is no terminal")
  const raw = () => {
    throw cannot
  }
  expect(await ran({ raw })).toEqual({ isClosed: true, error: cannot })
})

test("so is one that cannot be written to, from the first frame to the last", async () => {
  const cannot = new Error("Nothing can be written")
  const write = () => {
    throw cannot
  }
  expect(await ran({ write })).toEqual({ isClosed: true, error: cannot })
})
