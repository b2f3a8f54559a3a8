import { expect, test } from "bun:test"
import { describeBinary } from "./ground/binary.ts"
import { interrupted, STATES } from "./ground/interrupting.ts"
import { processesLeft } from "./ground/processes.ts"

const HANG_MS = 60_000
/** Ten times the promise, which bench/interrupt.ts holds. */
const GUARD_MS = 2_000

describeBinary("an interrupt", () => {
  for (const state of STATES) {
    test(
      `while ${state.name}: the turn ends, nothing runs on, and the session goes on`,
      async () => {
        const { scene, server, code, events, sentAt } = await interrupted(state, ["SIGINT"])
        try {
          const ended = events.find((event) => event.type === "turn.ended")
          expect({ code, outcome: ended?.type === "turn.ended" ? ended.outcome : undefined }).toEqual({
            code: 130,
            outcome: { kind: "interrupted" },
          })
          expect((ended?.at ?? Number.POSITIVE_INFINITY) - sentAt).toBeLessThan(GUARD_MS)
          expect(await processesLeft(scene.root, GUARD_MS)).toEqual([])

          const resumed = await scene.run(["resume", "--last", "go on"])
          expect(server.complaints).toEqual([])
          expect({ code: resumed.code, out: resumed.out }).toEqual({ code: 0, out: "Went on.\n" })
          const last = server.conversations.at(-1)
          expect(last?.said).toEqual([expect.anything(), "wait for me", "go on"].slice(-(last?.said.length ?? 0)))
          expect(scene.files(scene.cwd).filter((path) => path.endsWith("ran.txt"))).toEqual([])
        } finally {
          server.stop()
          scene.remove()
        }
      },
      HANG_MS,
    )
  }

  test(
    "given twice ends the process at once, and the session still goes on",
    async () => {
      const running = STATES.find(({ name }) => name === "running a command")
      if (running === undefined) throw new Error("No such state")
      const { scene, server, code, endedAt, sentAt } = await interrupted(running, ["SIGINT", "SIGINT"])
      expect(code).toBe(130)
      expect(endedAt - sentAt).toBeLessThan(GUARD_MS)
      expect(await processesLeft(scene.root, GUARD_MS)).toEqual([])
      const resumed = await scene.run(["resume", "--last", "go on"])
      expect({ complaints: server.complaints, out: resumed.out }).toEqual({ complaints: [], out: "Went on.\n" })
      server.stop()
      scene.remove()
    },
    HANG_MS,
  )

  test(
    "a request to end settles the turn too, and says so by its exit code",
    async () => {
      const running = STATES.find(({ name }) => name === "running a command")
      if (running === undefined) throw new Error("No such state")
      const { scene, server, code, events, endedAt, sentAt } = await interrupted(running, ["SIGTERM"])
      expect({ code, last: events.at(-1)?.type }).toEqual({ code: 143, last: "turn.ended" })
      expect(endedAt - sentAt).toBeLessThan(GUARD_MS)
      expect(await processesLeft(scene.root, GUARD_MS)).toEqual([])
      server.stop()
      scene.remove()
    },
    HANG_MS,
  )
})
