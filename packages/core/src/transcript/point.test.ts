import { expect, test } from "bun:test"
import type { DurableEvent, EventOf } from "@skein/protocol"
import { begin, foldOnto } from "./fold.ts"
import { freeze, thaw } from "./point.ts"

const at = { v: 1, at: 0, sessionId: "ses_1" } as const
const created: EventOf<"session.created"> = {
  ...at,
  type: "session.created",
  ...{ seq: 1, id: "evt_1", workspace: { path: "/repo" }, isInteractive: true },
  settings: { model: "m", mode: "ask", sandbox: "read-only", extraRoots: [], limits: {} },
  versions: { skein: "1" },
} as const
const renamed = (seq: number): DurableEvent => ({
  ...{ ...at, type: "session.changed", seq, id: `evt_${seq}`, title: `${seq}`, causedBy: `op_${seq}` },
})

test("a point that another version of skein made is not used", () => {
  const point = freeze(begin(created), "1.0.0")
  expect([thaw(point, "1.0.0")?.seq, thaw(point, "1.0.1")]).toEqual([1, undefined])
})

test("of the ops that were taken a thousand are remembered, the newest ones", () => {
  const events = Array.from({ length: 1_500 }, (_, n) => renamed(n + 2))
  const { opsTaken } = foldOnto(begin(created), events)
  expect([opsTaken.size, opsTaken.has("op_502"), opsTaken.has("op_1501")]).toEqual([1_000, true, true])
  expect(opsTaken.has("op_501")).toBe(false)
})
