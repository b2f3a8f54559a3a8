import { expect, test } from "bun:test"
import type { Diagnostic } from "@skein/core/ports"
import { scene } from "./scene.ts"

const HANG_MS = 120_000
/** A cold server on a busy machine. */
const PATIENT = { waitMs: 100_000 }
const short = ({ range, severity, source, code }: Diagnostic) =>
  `${range.path.split("/").at(-1)}:${range.line}:${range.column} ${severity} ${source} ${code}`

const TS = {
  "tsconfig.json": `{"compilerOptions":{"strict":true,"noEmit":true},"include":["."]}`,
  "a.ts": "export function twice(n: number): number {\n  return n * 2\n}\n",
  "b.ts": `import { twice } from "./a"\n\nexport const four: number = twice(2)\n`,
}

test(
  "typescript: what an edit broke is told, also in a file beside it, and what was broken before is not",
  async () => {
    await using project = scene({ ...TS, "b.ts": `${TS["b.ts"]}export const old: string = 1\n` })
    const { code, query, path, write, root } = project
    const before = await code.diagnostics([root], { ...query, ...PATIENT })
    expect({ said: before.diagnostics.map(short), late: before.late }).toEqual({
      said: ["b.ts:4:14 error typescript 2322"],
      late: [],
    })
    await code.beforeChange([path("a.ts")], query)
    write("a.ts", "// é\nexport function twice(n: string): number {\n  return n * 2\n}\n")
    const { diagnostics, late } = await code.introduced([path("a.ts")], { ...query, ...PATIENT })
    expect({ said: diagnostics.map(short), late }).toEqual({
      said: ["a.ts:3:10 error typescript 2362", "b.ts:3:35 error typescript 2345"],
      late: [],
    })
    await code.beforeChange([path("a.ts")], query)
    write("a.ts", TS["a.ts"])
    expect(await code.introduced([path("a.ts")], { ...query, ...PATIENT })).toEqual({ diagnostics: [], late: [] })
    expect(project.started.length).toBe(1)
  },
  HANG_MS,
)

test(
  "typescript: an edit before the server is ready is judged with the next one, by how the file was at first",
  async () => {
    await using project = scene(TS)
    const { code, query, path, write, root } = project
    await code.beforeChange([path("b.ts")], query)
    write("b.ts", `${TS["b.ts"]}export const wrong: string = four\n`)
    const cold = await code.introduced([path("b.ts")], { ...query, waitMs: 5 })
    expect(cold).toEqual({ diagnostics: [], late: ["The language server typescript is starting."] })
    await code.symbols({ path: path("a.ts") }, query)
    await code.beforeChange([path("b.ts")], query)
    write("b.ts", `${TS["b.ts"]}export const wrong: string = four\nexport const fine = 1\n`)
    const warm = await code.introduced([path("b.ts")], { ...query, ...PATIENT })
    expect(warm.diagnostics.map(short)).toEqual(["b.ts:4:14 error typescript 2322"])
    expect(root).toBe(query.roots[0] ?? "")
  },
  HANG_MS,
)

test(
  "typescript: hover, definition, references, symbols and rename",
  async () => {
    await using project = scene(TS)
    const { code, query, path, root } = project
    const use = { path: path("b.ts"), line: 3, column: 29 }
    expect((await code.at("hover", use, query))[0]?.text).toContain("twice(n: number): number")
    const definition = await code.at("definition", use, query)
    expect(definition.map(({ range }) => [range?.path, range?.line, range?.column])).toEqual([[path("a.ts"), 1, 17]])
    const references = await code.at("references", use, query)
    expect(references.map(({ range }) => `${range?.path.split("/").at(-1)}:${range?.line}`).toSorted()).toEqual([
      "a.ts:1",
      "b.ts:1",
      "b.ts:3",
    ])
    expect((await code.symbols({ path: path("a.ts") }, query)).map(({ name, kind }) => `${kind} ${name}`)).toEqual([
      "function twice",
    ])
    const found = await code.symbols({ root, query: "four" }, query)
    expect(found.map(({ name, range }) => `${name} ${range.path}`)).toEqual([`four ${path("b.ts")}`])
    const edits = await code.rename(use, "double", query)
    expect(
      edits.map(({ range, newText }) => `${range.path.split("/").at(-1)}:${range.line} ${newText}`).toSorted(),
    ).toEqual(["a.ts:1 double", "b.ts:1 double", "b.ts:3 double"])
    expect((await code.status(root)).map(({ name, status }) => `${name} ${status}`)).toEqual([
      "typescript running",
      "json not_installed",
    ])
  },
  HANG_MS,
)

test(
  "pyright: an error that an edit brings is told by the server that is asked for it",
  async () => {
    await using project = scene({ "a.py": "n: int = 1\n" })
    const { code, query, path, write } = project
    expect(await code.diagnostics([path("a.py")], { ...query, ...PATIENT })).toEqual({ diagnostics: [], late: [] })
    await code.beforeChange([path("a.py")], query)
    write("a.py", 'n: int = "one"\n')
    const { diagnostics } = await code.introduced([path("a.py")], { ...query, ...PATIENT })
    expect(diagnostics.map(short)).toEqual(["a.py:1:10 error pyright reportAssignmentType"])
    expect((await code.at("hover", { path: path("a.py"), line: 1, column: 1 }, query))[0]?.text).toContain("int")
  },
  HANG_MS,
)
