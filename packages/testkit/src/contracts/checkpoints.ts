import { afterEach, describe, expect, test } from "bun:test"
import type { CheckpointsPort, OnConflict, RestoreStep, Watched } from "@skein/core/ports"
import type { PathChange } from "@skein/protocol"

/** Checkpoints to be tested, and what calls and persons do to their workspace. */
export interface CheckpointsUnderTest {
  readonly checkpoints: CheckpointsPort
  /** An empty folder, absolute and resolved. */
  readonly root: string
  /** A text file; null for none. */
  put(path: string, text: string | null): void
  /** The text of the file there; undefined when there is none. */
  at(path: string): string | undefined
  cleanUp?(): void | Promise<void>
}

/** What every CheckpointsPort promises. */
export function checkpointsPortContract(name: string, make: () => CheckpointsUnderTest): void {
  describe(`${name} is a CheckpointsPort`, () => {
    let world: CheckpointsUnderTest | undefined
    const open = () => {
      world = make()
      return world
    }
    afterEach(async () => {
      await world?.cleanUp?.()
      world = undefined
    })

    test("what a call created, changed and deleted comes back, and goes again", async () => {
      const own = open()
      const [a, b, c] = ["a", "b", "c"].map((file) => `${own.root}/${file}`) as [string, string, string]
      own.put(a, "old")
      own.put(b, "gone soon")
      const { changes } = await during(own, () => {
        own.put(a, "new")
        own.put(b, null)
        own.put(c, "made")
      })

      expect(changes.map(({ path, before, after }) => [path, before?.kind, after?.kind])).toEqual([
        [a, "file", "file"],
        [b, "file", undefined],
        [c, undefined, "file"],
      ])
      const undone = await own.checkpoints.restore(back(changes), "refuse")
      expect([own.at(a), own.at(b), own.at(c)]).toEqual(["old", "gone soon", undefined])
      expect([undone.changes.length, undone.conflicts]).toEqual([3, []])
      await own.checkpoints.restore(back(undone.changes), "refuse")
      expect([own.at(a), own.at(b), own.at(c)]).toEqual(["new", undefined, "made"])
    })

    test("a call that says what it writes is watched there alone", async () => {
      const own = open()
      const work = () => {
        own.put(`${own.root}/a`, "1")
        own.put(`${own.root}/b`, "2")
      }
      const { changes } = await during(own, work, [`${own.root}/b`])

      expect(changes.map(({ path }) => path)).toEqual([`${own.root}/b`])
    })

    test("what changed before the watch began, and after it was settled, is not the call's", async () => {
      const own = open()
      own.put(`${own.root}/a`, "before")
      const { changes } = await during(own, () => own.put(`${own.root}/b`, "call"))
      own.put(`${own.root}/a`, "after")

      expect(changes.map(({ path }) => path)).toEqual([`${own.root}/b`])
      await own.checkpoints.restore(back(changes), "refuse")
      expect(own.at(`${own.root}/a`)).toBe("after")
    })

    test("a preview says what would be done, and does nothing", async () => {
      const own = open()
      own.put(`${own.root}/a`, "old")
      const { changes } = await during(own, () => {
        own.put(`${own.root}/a`, "new")
        own.put(`${own.root}/b`, "made")
      })
      const steps = back(changes)

      expect(await own.checkpoints.preview(steps)).toEqual([
        { path: `${own.root}/a`, action: "restore" },
        { path: `${own.root}/b`, action: "delete" },
      ])
      expect([own.at(`${own.root}/a`), own.at(`${own.root}/b`)]).toEqual(["new", "made"])
      expect((await own.checkpoints.diff(steps)).map(({ path }) => path)).toEqual(changes.map(({ path }) => path))
    })

    test("one conflict refuses all, naming it; skip leaves it; overwrite takes it", async () => {
      const own = open()
      const [a, b] = [`${own.root}/a`, `${own.root}/b`]
      own.put(a, "old a")
      own.put(b, "old b")
      const { changes } = await during(own, () => {
        own.put(a, "new a")
        own.put(b, "new b")
      })
      own.put(a, "by the person")
      const restored = (choice: OnConflict) => own.checkpoints.restore(back(changes), choice)

      const refusal = await restored("refuse").then(
        () => undefined,
        (error: unknown) => error,
      )
      expect(refusal).toMatchObject({ code: "checkpoint.conflict", message: expect.stringContaining(a) })
      expect([own.at(a), own.at(b)]).toEqual(["by the person", "new b"])
      const skipped = await restored("skip")
      expect([own.at(a), own.at(b)]).toEqual(["by the person", "old b"])
      expect([skipped.changes.map(({ path }) => path), skipped.conflicts.map(({ path }) => path)]).toEqual([[b], [a]])
      const overwritten = await restored("overwrite")
      expect([own.at(a), overwritten.conflicts]).toEqual(["old a", []])
      await own.checkpoints.restore(back(overwritten.changes), "refuse")
      expect(own.at(a)).toBe("by the person")
    })

    test("what something else did between two calls is a conflict, though the file is as the newer call left it", async () => {
      const own = open()
      const path = `${own.root}/a`
      own.put(path, "old")
      const first = await during(own, () => own.put(path, "by a call"))
      own.put(path, "by the person")
      const second = await during(own, () => own.put(path, "by another call"))
      const [before, after] = [first.changes[0]?.before ?? null, second.changes[0]?.after ?? null]
      const step = { path, expected: after, target: before, isInterrupted: true } as const

      expect(await own.checkpoints.preview([step])).toMatchObject([{ path, conflict: expect.any(String) }])
      for (const choice of ["refuse", "skip", "merge"] as const) {
        await own.checkpoints.restore([step], choice).catch(() => undefined)
        expect(own.at(path)).toBe("by another call")
      }
      await own.checkpoints.restore([step], "overwrite")
      expect(own.at(path)).toBe("old")
    })

    test("a path that is as wanted already is no conflict", async () => {
      const own = open()
      own.put(`${own.root}/a`, "old")
      const { changes } = await during(own, () => own.put(`${own.root}/a`, "new"))
      own.put(`${own.root}/a`, "old")

      expect(await own.checkpoints.restore(back(changes), "refuse")).toEqual({ changes: [], conflicts: [] })
    })

    test("a watch begun for a turn that was stopped rejects with its reason", async () => {
      const own = open()
      const reason = new Error("stopped")
      const scope = { sessionId: "ses_a", roots: [own.root], signal: AbortSignal.abort(reason) } as const
      expect(await own.checkpoints.watch(scope).catch((error: unknown) => error)).toBe(reason)
    })
  })
}

async function during(own: CheckpointsUnderTest, work: () => void, paths?: readonly string[]): Promise<Watched> {
  const signal = new AbortController().signal
  const watch = await own.checkpoints.watch({ sessionId: "ses_a", roots: [own.root], paths, signal })
  work()
  return await watch.settle()
}

function back(changes: readonly PathChange[]): RestoreStep[] {
  return changes.map(({ path, before, after }) => ({ path, expected: after, target: before }))
}
