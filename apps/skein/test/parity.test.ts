import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test"
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Judged, judged, type Probed, type Surface } from "../src/parity/surface.ts"
import { probesOf, SURFACES } from "../src/parity/surfaces.ts"
import { BINARY } from "./ground/binary.ts"

// A guard against hanging, on a machine that may be busy.
setDefaultTimeout(60_000)

const root = join(import.meta.dir, "../../..")
const program = BINARY
const isMissing = program === ""
let folder = ""
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "skein-parity-test-"))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function parity(...args: string[]) {
  const child = Bun.spawn([program, "parity", ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, HOME: folder, SKEIN_HOME: join(folder, "home") },
    stdout: "pipe",
    stderr: "pipe",
  })
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()])
  return { code: await child.exited, out, err }
}

test.skipIf(isMissing)(
  "every probe passes and no run says otherwise than its row; nothing of the person's is touched",
  async () => {
    const { code, out, err } = await parity("--json")
    const told: { probes: Probed[]; surfaces: { id: string; rows: Judged[] }[] } = JSON.parse(out)

    expect(told.probes.filter(({ isPassed }) => !isPassed)).toEqual([])
    expect(told.surfaces.flatMap(({ rows }) => rows.filter(({ evidence }) => evidence === "against"))).toEqual([])
    expect({ code, err }).toEqual({ code: 0, err: "" })
    expect(existsSync(join(folder, "home"))).toBe(false)
  },
  120_000,
)

test.skipIf(isMissing)(
  "the page names what does not hold, why, and the probe that says so",
  async () => {
    const { out, code } = await parity("codex command")

    expect(code).toBe(0)
    expect(out).toMatch(
      /^codex command line \(codex-cli 0\.163\.0\), held by apps\/skein: \d+ hold, \d+ partly, \d+ not; \d+ of \d+ seen in this run$/m,
    )
    expect(out).toMatch(/^ {2}no +cloud list +\[refused by name: command-line\] {2}It needs OpenAI/m)
    expect(out).not.toMatch(/^ {2}yes /m)
    expect((await parity("codex command", "--all")).out).toMatch(/^ {2}yes +exec --json +\[seen: command-line\]$/m)
  },
  120_000,
)

test.skipIf(isMissing)(
  "a captured program is held against the rows: what no row speaks of is named",
  async () => {
    mkdirSync(join(folder, "captured"))
    const page = (...path: string[]) => ({ path, exitCode: 0, sha256: "0", commands: [], flags: [], help: "" })
    writeFileSync(
      join(folder, "captured", "reference.json"),
      JSON.stringify({
        ...{
          v: 1,
          program: "/x",
          sha256: "0",
          version: "codex-cli 9.9.9",
          capturedAt: "",
          features: {},
          schemas: {},
          notes: [],
        },
        commands: [page(), page("exec"), page("plugin", "marketplace"), page("levitate")],
      }),
    )
    const { out } = await parity("codex command", "--reference", "captured")

    expect(out).toContain("codex-cli 9.9.9 (captured): 3 commands, 1 of them in no row\n  no row  levitate\n")
  },
  120_000,
)

test("every surface names its reference, the package that is its boundary, and tests that are there; its rows are told apart", () => {
  const probes = probesOf({ verbs: [], coming: [] }).map(({ id }) => id)
  for (const { id, reference, boundary, artifacts, rows, probes: own } of SURFACES) {
    expect([id, reference.length > 0, boundary.length > 0, artifacts.length > 0]).toEqual([id, true, true, true])
    expect(artifacts.filter((path) => !existsSync(join(root, path)))).toEqual([])
    expect(own.filter((probe) => !probes.includes(probe))).toEqual([])
    expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length)
    expect(rows.filter(({ holds, why }) => holds !== "yes" && (why ?? "") === "")).toEqual([])
  }
})

test("a claim without a run stays a claim, and a run against it is told", () => {
  const probe = (seen: string[], refused: string[]): Probed => ({
    ...{ id: "p", isPassed: true, ms: 1, detail: "", seen: new Set(seen), refused: new Set(refused) },
  })
  const surface: Surface = {
    ...{ id: "s", reference: "r", boundary: "b", artifacts: [], probes: ["p"] },
    rows: [
      ...(["a", "b", "c"] as const).map((id) => ({ id, holds: "yes" }) as const),
      ...(["d", "e", "f"] as const).map((id) => ({ id, holds: "no", why: "w" }) as const),
    ],
  }
  const rows = judged(surface, [probe(["a", "d"], ["b", "e"])])

  expect(rows.map(({ id, evidence }) => `${id} ${evidence}`)).toEqual([
    ...["a seen", "b against", "c claimed", "d against", "e refused", "f claimed"],
  ])
  expect(judged({ ...surface, probes: [] }, [probe(["a"], [])]).every(({ evidence }) => evidence === "claimed")).toBe(
    true,
  )
})
