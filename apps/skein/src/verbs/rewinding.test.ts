import { expect, test } from "bun:test"
import type { RewindPreview, SessionTree } from "@skein/protocol"
import { called, fakeEngine, summary } from "../../test/ground/fake-engine.ts"
import type { Flag } from "../flags.ts"
import type { Asking } from "../session/host.ts"
import { DIFF_FLAGS, RESTORE_FLAGS, REWIND_FLAGS, UNDO_FLAGS } from "../session-flags.ts"
import { diffCheckpoint, listCheckpoints, redoTurns, restoreCheckpoint, undoTurns } from "./checkpoint.ts"
import { rewind } from "./session/rewind.ts"

const TREE: SessionTree = {
  current: "trn_b",
  turns: [
    { turnId: "trn_a", beforeSeq: 1, endSeq: 9, at: 0, preview: "one", isCurrent: true, filesChanged: 1 },
    {
      turnId: "trn_b",
      parentTurnId: "trn_a",
      beforeSeq: 9,
      endSeq: 20,
      at: 0,
      preview: "two",
      isCurrent: true,
      filesChanged: 2,
    },
  ],
}

const CLEAN: RewindPreview = {
  toSeq: 9,
  turns: ["trn_b"],
  files: [
    { path: "/repo/a.ts", action: "restore" },
    { path: "/repo/new.ts", action: "delete" },
    { path: "/repo/same.ts", action: "none" },
  ],
  notCovered: ["node_modules was left out"],
}

const TORN: RewindPreview = {
  ...CLEAN,
  files: [{ path: "/repo/a.ts", action: "restore", conflict: "it was edited since" }],
}

interface Setting {
  readonly preview?: RewindPreview
  readonly typed?: readonly string[]
}

/** Runs one of the verbs, and tells what it said and what it asked of the engine. */
async function run(
  verb: (at: Asking) => Promise<number>,
  flags: readonly Flag[],
  argv: readonly string[],
  { preview = CLEAN, typed }: Setting = {},
) {
  const asked: unknown[] = []
  const engine = fakeEngine({
    "sessions.list": () => [summary({ sessionId: "ses_1" })],
    "session.tree": () => TREE,
    "rewind.preview": (query) => {
      asked.push({ to: query.to, scope: query.scope })
      return preview
    },
    "checkpoints.list": () => [
      {
        turnId: "trn_b",
        beforeSeq: 9,
        at: 0,
        preview: "two",
        paths: ["/repo/a.ts", "/repo/b.ts"],
        notCovered: ["x was too large"],
      },
      { turnId: "trn_a", beforeSeq: 1, at: 0, preview: "one", paths: ["/repo/a.ts"], notCovered: ["x was too large"] },
    ],
    "checkpoint.diff": (query) => {
      asked.push(query.to)
      return [{ path: "/repo/a.ts", diff: "--- a\n+++ b\n+\u001b[2Jx\n" }]
    },
  })
  const { call, out, err } = called(argv, flags, typed === undefined ? {} : { typed })
  return { code: await verb({ call, engine, cwd: "/repo" }), out, err, asked, ops: engine.ops }
}

test("what an undo would touch is listed before it is asked about, and yes does it", async () => {
  expect(await run(undoTurns, UNDO_FLAGS, [], { typed: ["y"] })).toEqual({
    code: 0,
    out: [
      "Files:",
      "  restore  /repo/a.ts",
      "  delete   /repo/new.ts",
      "Turns that leave the conversation or come back to it:",
      "  2  two",
      "Not covered: node_modules was left out",
      "Change 2 files and move 1 turn? [y/N] ",
    ],
    err: ["note    Gone back; skein redo --session ses_1 goes forward again."],
    asked: [{ to: { kind: "undo", turns: 1 }, scope: "both" }],
    ops: [{ type: "session.rewind", sessionId: "ses_1", to: { kind: "undo", turns: 1 }, scope: "both" }],
  })
})

test("anything but yes, a dry run, and nobody to ask change nothing", async () => {
  expect(await run(undoTurns, UNDO_FLAGS, ["3"], { typed: [""] })).toMatchObject({ code: 1, ops: [] })
  expect(await run(undoTurns, UNDO_FLAGS, ["3", "--dry-run"])).toMatchObject({ code: 0, ops: [] })
  await expect(run(undoTurns, UNDO_FLAGS, ["3"])).rejects.toThrow("Nobody can be asked here: say --yes to do it.")
  await expect(run(undoTurns, UNDO_FLAGS, ["many"])).rejects.toThrow('undo takes a number of turns, not "many".')
  expect(await run(undoTurns, UNDO_FLAGS, ["3", "--yes", "--scope", "chat"])).toMatchObject({
    ops: [{ to: { kind: "undo", turns: 3 }, scope: "chat" }],
  })
})

test("a file that something else changed is named and stops it, until somebody says what then", async () => {
  const torn = { preview: TORN, typed: ["y"] }
  await expect(run(undoTurns, UNDO_FLAGS, ["--yes"], torn)).rejects.toThrow(
    "Nothing was changed, because 1 file would lose what something else did:\n  /repo/a.ts: it was edited since\n",
  )
  const merged = await run(undoTurns, UNDO_FLAGS, ["--yes", "--on-conflict", "merge"], torn)
  expect([merged.out[1], merged.ops]).toEqual([
    "  restore  /repo/a.ts  conflict: it was edited since",
    [
      {
        type: "session.rewind",
        sessionId: "ses_1",
        to: { kind: "undo", turns: 1 },
        scope: "both",
        onConflict: "merge",
      },
    ],
  ])
})

test("redo goes forward again, and a rewind goes before a turn or to the end of one", async () => {
  expect((await run(redoTurns, UNDO_FLAGS, ["--yes"])).ops).toMatchObject([{ to: { kind: "redo" }, scope: "both" }])
  expect((await run(rewind, REWIND_FLAGS, ["--last", "--to", "2", "--yes"])).ops).toMatchObject([
    { to: { kind: "before", turnId: "trn_b" }, scope: "both" },
  ])
  expect((await run(rewind, REWIND_FLAGS, ["--last", "--after", "1", "--yes"])).ops).toMatchObject([
    { to: { kind: "seq", seq: 9 } },
  ])
  await expect(run(rewind, REWIND_FLAGS, ["--last", "--yes"])).rejects.toThrow("Where to?")
  await expect(run(rewind, REWIND_FLAGS, ["--last", "--to", "7"])).rejects.toThrow("There are turns 1 to 2")
})

test("checkpoints are the turns that changed files, and one is gone back to without a terminal", async () => {
  const listed = await run(listCheckpoints, DIFF_FLAGS, [])
  expect(listed.out).toEqual(["turn  when  changed  prompt", "   2  now   2 files  two", "   1  now   1 file   one"])
  expect(listed.err).toEqual([
    "note    of session ses_1; skein checkpoint restore --to <turn> goes back before one",
    "note    not covered: x was too large",
  ])
  const json = await run(listCheckpoints, DIFF_FLAGS, ["--json"])
  expect(JSON.parse(json.out.join("\n"))).toMatchObject({ sessionId: "ses_1", checkpoints: [{ turn: 2 }, { turn: 1 }] })
  const restored = await run(restoreCheckpoint, RESTORE_FLAGS, ["--to", "1", "--yes", "--json"])
  expect(JSON.parse(restored.out.join("\n"))).toMatchObject({ isDone: true, scope: "code", files: CLEAN.files })
  expect(restored.ops).toMatchObject([{ to: { kind: "before", turnId: "trn_a" }, scope: "code" }])
  await expect(run(restoreCheckpoint, RESTORE_FLAGS, ["--json"])).rejects.toThrow("say --yes to do it, or --dry-run")
})

test("a diff without a place is from before the newest turn that changed something", async () => {
  const { out, asked } = await run(diffCheckpoint, DIFF_FLAGS, [])
  expect([out, asked]).toEqual([["--- a\n+++ b\n+\\e[2Jx"], [{ kind: "before", turnId: "trn_b" }]])
})
