import { expect, test } from "bun:test"
import type { Foreign, FoundSession, LossReport } from "@skein/host"
import { SkeinError } from "@skein/protocol"
import { called } from "../../../test/ground/fake-engine.ts"
import { IMPORT_FLAGS } from "../../session-flags.ts"
import { importSessions } from "./import.ts"

const REPORT: LossReport = {
  format: "codex",
  path: "/logs/a.jsonl",
  id: "a",
  lines: 9,
  longestLine: { line: 2, bytes: 80 },
  kept: { turns: 2, calls: 3 },
  lost: [
    {
      kind: "unknown_type",
      why: "a kind of line that is not known here",
      count: 2,
      lines: [3, 4],
      names: { "x\u001b[2J": 2 },
    },
  ],
  malformed: { count: 1, lines: [7] },
  tooLong: { count: 0, lines: [] },
  isTorn: true,
}

const found = (id: string, cwd = "/repo"): FoundSession => ({
  ...{ format: "codex", path: `/logs/${id}.jsonl`, id, cwd, at: 0, preview: `say ${id}`, isInteractive: true },
})

/** A machine with three sessions of another program: one new, one that is here, one that cannot be read. */
async function imported(...argv: readonly string[]) {
  const foreign: Foreign = {
    list: async () => [found("a"), found("b"), found("c"), found("d", "/elsewhere")],
    detect: async () => [],
    summarise: () => Promise.reject(new Error("Nobody asked for that")),
    async import({ id }) {
      if (id === "b") return { kind: "unchanged", sessionId: "ses_codex-b" }
      if (id === "c") throw new SkeinError("import.unreadable", "Cannot read c:\nno such file")
      return { kind: "new", sessionId: `ses_codex-${id}`, earlier: "ses_codex-old", report: REPORT }
    },
  }
  const { call, out, err } = called(argv, IMPORT_FLAGS)
  return { code: await importSessions({ call, foreign, cwd: "/repo" }), out, err }
}

test("an import says what was kept, what was lost and why, what was here already, and what failed", async () => {
  expect(await imported()).toEqual({
    code: 1,
    out: [
      "imported   ses_codex-a  codex: say a",
      "  what was made of it earlier stays: ses_codex-old",
      "  kept  2 turns, 3 calls",
      "  lost  2 × a kind of line that is not known here: x\\e[2J",
      "  lost  1 line that could not be read, first 7",
      "  lost  the last line, which has no end",
      "unchanged  ses_codex-b  codex: say b",
      "failed     codex: say c",
      "  Cannot read c: no such file",
    ],
    err: ["1 session imported, 1 unchanged, 1 failed."],
  })
})

test("sessions of other folders are taken only with --all, and a dry run takes none", async () => {
  expect((await imported("--all")).err).toEqual(["2 sessions imported, 1 unchanged, 1 failed."])
  expect(await imported("--all", "--dry-run")).toEqual({
    code: 0,
    out: ["codex: say a", "codex: say b", "codex: say c", "codex: say d"],
    err: [],
  })
})

test("as JSON the whole of it is one document", async () => {
  const { out } = await imported("--json")
  expect(JSON.parse(out.join("\n"))).toMatchObject([
    { found: { id: "a" }, done: { kind: "new", report: { kept: { turns: 2 } } } },
    { found: { id: "b" }, done: { kind: "unchanged" } },
    { found: { id: "c" }, error: "Cannot read c:\nno such file" },
  ])
})
