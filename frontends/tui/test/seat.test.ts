import { expect, test } from "bun:test"
import type { Input } from "@skein/term"
import { Seat } from "../src/app/seat.ts"
import { noSystem } from "../src/index.ts"
import { portOnVirtual } from "./terminal-port.ts"

/** A seat at a terminal that answers nothing but what the test says. */
function seated() {
  const held = portOnVirtual({ columns: 80, rows: 24, onReply: () => undefined })
  const taken = Promise.withResolvers<void>()
  const inputs: Input[] = []
  const at = { draws: 0, taken: taken.promise, inputs }
  const nothing = () => undefined
  const seat = new Seat(
    {
      ...{ terminal: held.port, system: noSystem, env: { TERM: "xterm-256color" }, version: "1.2.3" },
      ...{ cwd: "/srv/shop", home: "/srv", now: () => 0, screen: "inline" },
      connect: () => Promise.reject(new Error("Nobody connects")),
    },
    {
      draw() {
        at.draws++
        return { extent: "inline", finished: [], frame: { lines: [[{ text: `frame ${at.draws}` }]] } }
      },
      take(inputs) {
        at.inputs.push(...inputs)
        if (inputs.length > 0) taken.resolve()
      },
      returned: () => held.notes.push("returned"),
      ...{ learned: nothing, reread: nothing, isMoving: () => false },
    },
  )
  seat.take()
  seat.screen.now()
  return { at, seat, held, send: held.send }
}

const ATTRIBUTES = "\u001b[?62;22c"
const LIGHT = "\u001b]11;rgb:ffff/ffff/ffff\u001b\\"
/** Where it is, and where it is at most: the size. */
const CURSOR = "\u001b[1;1R\u001b[20;60R"

test("the answers of a terminal have one frame between them, a key has its own at once", async () => {
  const { at, seat, send } = seated()
  for (const answer of [LIGHT, ATTRIBUTES, LIGHT, ATTRIBUTES]) send(answer)
  expect(at.draws).toBe(1)
  send("a")
  expect(at.draws).toBe(2)
  expect(seat.metrics.keys).toBe(1)
  await seat.close()
})

test("a key is timed from when it was read, what was waited for with it", async () => {
  const { at, seat, send } = seated()
  send("\u001b")
  await at.taken
  expect(seat.metrics.keyMedianMs).toBeGreaterThan(20)
  await seat.close()
})

test("a key whose frame waits for the cursor tells nothing of how fast keys are painted", async () => {
  const { at, seat, held, send } = seated()
  await held.resize(60, 20)
  send("a")
  expect(seat.metrics.keys).toBe(0)
  const { draws } = at
  send(CURSOR)
  expect(at.draws).toBe(draws + 1)
  send("b")
  expect(seat.metrics.keys).toBe(1)
  await seat.close()
})

test("a terminal that says it has the keyboard protocol is asked for it once it has said all", async () => {
  const { held, seat, send } = seated()
  send("\u001b[?0u")
  expect(held.modesOn).not.toContain("\u001b[>5u")
  send(ATTRIBUTES)
  expect(held.modesOn).toContain("\u001b[>5u")
  await seat.close()
})

test("a line that comes at once with its Enter is sent, unless the terminal says that it marks no pastes", async () => {
  const { at, seat, send } = seated()
  for (const bytes of ["x", "ls\r", "\u001b[?2004;0$y", "y", "ls\r"]) send(bytes)
  while (at.inputs.at(-1)?.kind !== "paste") await Bun.sleep(5)
  const told = at.inputs.map((input) => (input.kind === "key" ? input.chord : input.kind))
  expect(told).toEqual(["x", "l", "s", "enter", "y", "paste"])
  await seat.close()
})

test("a size that nobody told of yet is found before a frame, which waits for the cursor as after a word of it", async () => {
  const { at, seat, held, send } = seated()
  await held.resize(60, 20, "under-way")
  send("a")
  expect(seat.metrics.keys).toBe(0)
  const { draws } = at
  send(CURSOR)
  expect(at.draws).toBe(draws + 1)
  await held.terminal.settled()
  expect(held.terminal.screen()[0]).toBe(`frame ${at.draws}`)
  await seat.close()
})

test("the job stops when what the terminal was asked is answered, so that no answer comes to the shell", async () => {
  const { seat, held, send } = seated()
  seat.ask()
  const stopped = seat.suspend()
  await Promise.resolve()
  expect(held.notes).toEqual([])
  send(ATTRIBUTES)
  held.notes.push("answered")
  await stopped
  expect(held.notes).toEqual(["answered", "suspend"])
})

test("whoever draws hears that the terminal was somebody else's, before the next frame", async () => {
  const { seat, held } = seated()
  await seat.away(async () => void held.notes.push("away"))
  expect(held.notes).toEqual(["away", "returned"])
})

test("a terminal that never answers is waited for a moment, once", async () => {
  const { seat, held } = seated()
  seat.ask()
  await seat.suspend()
  seat.screen.back({ columns: 80, rows: 24 })
  const stopped = seat.suspend()
  // A timer that was set later, and is over at once.
  await Bun.sleep(0)
  expect(held.notes).toEqual(["suspend", "suspend"])
  await stopped
})
