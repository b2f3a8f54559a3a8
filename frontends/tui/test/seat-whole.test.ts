import { expect, test } from "bun:test"
import { type Line, type Modes, modeChange, type Terminal } from "@skein/term"
import { virtualTerminal } from "@skein/testkit/terminal"
import type { Drawn } from "../src/app/screen.ts"
import { Seat } from "../src/app/seat.ts"
import { noSystem } from "../src/index.ts"

const line = (text: string): Line => [{ text }]

/** A seat at a terminal whose answers come when the test says. */
function seated() {
  const at = { isWhole: false, finished: [] as Line[], size: { columns: 80, rows: 12 } }
  const replies: string[] = []
  const terminal = virtualTerminal({ ...at.size, onReply: (bytes) => void replies.push(bytes) })
  let onInput = (_: Uint8Array): void => undefined
  let onResize = (_: typeof at.size): void => undefined
  let modes: Modes = { on: "", off: "" }
  const port: Terminal = {
    get size() {
      return at.size
    },
    isCongested: false,
    measure: () => false,
    write: (bytes) => void terminal.write(bytes),
    onInput: (handler) => {
      onInput = handler
    },
    onResize: (handler) => {
      onResize = handler
    },
    useModes(wanted) {
      void terminal.write(modeChange(modes, wanted))
      modes = wanted
    },
    ...{ raw() {}, cooked() {}, suspend() {}, onStop() {}, onContinue() {}, onHangUp() {}, onEnd() {}, close() {} },
  }
  const whole: Drawn = {
    extent: "whole",
    frame: { lines: Array.from({ length: 12 }, (_, row) => line(`whole ${row}`)) },
  }
  const seat = new Seat(
    {
      ...{ terminal: port, system: noSystem, env: { TERM: "xterm-256color" }, version: "1", cwd: "/", home: "/" },
      ...{ now: () => 0, screen: "inline", connect: () => Promise.withResolvers<never>().promise },
    },
    {
      draw: () =>
        at.isWhole
          ? whole
          : {
              ...{ extent: "inline", finished: [...at.finished], frame: { lines: [line("inline")] } },
              printed: () => void at.finished.splice(0),
            },
      ...{ take() {}, learned() {}, reread: () => undefined, isMoving: () => false },
    },
  )
  const answer = () => onInput(new TextEncoder().encode(replies.splice(0).join("")))
  const resize = async (columns: number) => {
    at.size = { columns, rows: 12 }
    await terminal.resize(columns, 12)
    onResize(at.size)
    await terminal.settled()
  }
  return { at, terminal, seat, answer, resize }
}

test.each([true, false])(
  "what is finished when the whole screen is taken stays for the other one; answered: %p",
  async (isAnswered) => {
    const { at, terminal, seat, answer, resize } = seated()
    seat.take()
    seat.screen.now()
    await terminal.settled()
    at.finished.push(line("finished"))
    await resize(70)
    at.isWhole = true
    seat.screen.now()
    await terminal.settled()
    if (isAnswered) answer()
    // Longer than an answer is waited for.
    else await Bun.sleep(250)
    await terminal.settled()
    expect(terminal.isAlternate).toBe(true)
    expect(terminal.screen()).toEqual(Array.from({ length: 12 }, (_, row) => `whole ${row}`))
    at.isWhole = false
    seat.screen.now()
    for (let times = 0; times < 4; times++) {
      await terminal.settled()
      answer()
    }
    await terminal.settled()
    expect([...terminal.scrollback(), ...terminal.screen()].filter((row) => row !== "")).toEqual(["finished", "inline"])
    await seat.close()
  },
)

test("a terminal that has answered before is waited for, because without its word lines may be lost", async () => {
  const { at, terminal, seat, answer, resize } = seated()
  seat.take()
  seat.screen.now()
  await resize(70)
  answer()
  await terminal.settled()
  at.finished.push(line("finished"))
  await resize(60)
  // Longer than one is waited for that never did.
  await Bun.sleep(250)
  await terminal.settled()
  expect(terminal.text().join("\n")).not.toContain("finished")
  answer()
  for (let times = 0; times < 4; times++) {
    await terminal.settled()
    answer()
  }
  await terminal.settled()
  expect(terminal.text().filter((row) => row !== "")).toEqual(["finished", "inline"])
  await seat.close()
})
