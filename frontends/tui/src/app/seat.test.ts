import { expect, test } from "bun:test"
import type { Terminal } from "@skein/term"
import { noSystem } from "../system/no-system.ts"
import { Seat } from "./seat.ts"

const ANSWER = "\u001b[?62c"

/** A seat at a terminal that answers when it is told to. */
function seated() {
  const notes: string[] = []
  let onInput = (_: Uint8Array): void => undefined
  const terminal: Terminal = {
    size: { columns: 80, rows: 24 },
    isCongested: false,
    measure: () => false,
    write() {},
    onInput: (handler) => {
      onInput = handler
    },
    suspend: () => notes.push("suspend"),
    ...{ raw() {}, cooked() {}, useModes() {}, close() {} },
    ...{ onResize() {}, onStop() {}, onContinue() {}, onHangUp() {}, onEnd() {} },
  }
  const seat = new Seat(
    {
      ...{ terminal, system: noSystem, env: { TERM: "xterm-256color" }, version: "1", cwd: "/", home: "/" },
      ...{ now: () => 0, screen: "inline", connect: () => Promise.withResolvers<never>().promise },
    },
    {
      draw: () => ({ extent: "inline", finished: [], frame: { lines: [] } }),
      ...{
        take() {},
        learned() {},
        returned: () => notes.push("returned"),
        reread: () => undefined,
        isMoving: () => false,
      },
    },
  )
  seat.take()
  seat.screen.now()
  return { seat, notes, answer: () => onInput(new TextEncoder().encode(ANSWER)) }
}

test("the job stops when what the terminal was asked is answered, so that no answer comes to the shell", async () => {
  const { seat, notes, answer } = seated()
  seat.ask()
  const stopped = seat.suspend()
  await Promise.resolve()
  expect(notes).toEqual([])
  answer()
  notes.push("answered")
  await stopped
  expect(notes).toEqual(["answered", "suspend"])
})

test("whoever draws hears that the terminal was somebody else's, before the next frame", async () => {
  const { seat, notes } = seated()
  await seat.away(async () => notes.push("away"))
  expect(notes).toEqual(["away", "returned"])
})

test("a terminal that never answers is waited for a moment, once", async () => {
  const { seat, notes } = seated()
  seat.ask()
  await seat.suspend()
  seat.screen.back({ columns: 80, rows: 24 })
  const from = performance.now()
  await seat.suspend()
  expect([notes.length, performance.now() - from < 90]).toEqual([2, true])
})
