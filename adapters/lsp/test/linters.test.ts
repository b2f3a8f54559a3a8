import { expect, test } from "bun:test"
import { chmodSync } from "node:fs"
import { jsonIn } from "../src/linters/answer.ts"
import { LINTER_ROWS } from "../src/linters/rows.ts"
import { scene } from "./scene.ts"

const WAIT = { waitMs: 30_000 }
/** As each of them says it; ruff 0.12, eslint 9, stylelint 16, biome 2. */
const ANSWERS = {
  eslint: [
    {
      filePath: "/p/a.js",
      messages: [
        {
          ruleId: "no-undef",
          severity: 2,
          message: "'x' is not defined.",
          line: 3,
          column: 5,
          endLine: 3,
          endColumn: 6,
        },
        { ruleId: null, severity: 2, fatal: true, message: "Parsing error", line: 1 },
        { ruleId: "semi", severity: 1, message: "Missing semicolon.", line: 4, column: 9 },
      ],
      errorCount: 2,
    },
  ],
  ruff: [
    {
      cell: null,
      code: "F821",
      end_location: { column: 6, row: 1 },
      filename: "/p/a.py",
      fix: null,
      location: { column: 1, row: 1 },
      message: "Undefined name `print2`",
    },
    {
      code: "E501",
      end_location: { column: 99, row: 2 },
      filename: "/p/a.py",
      location: { column: 89, row: 2 },
      message: "Line too long",
    },
  ],
  biome: {
    summary: { errors: 1 },
    diagnostics: [
      {
        severity: "error",
        message: "This is an unexpected use of the debugger statement.",
        category: "lint/suspicious/noDebugger",
        location: { path: "a.js", start: { line: 2, column: 1 }, end: { line: 2, column: 9 } },
        advices: [],
      },
      {
        category: "lint/style/useConst",
        severity: "warning",
        description: "Use const.",
        message: [{ elements: [], content: "Use const." }],
        location: { path: { file: "b.js" }, span: [0, 3] },
      },
    ],
    command: "lint",
  },
  stylelint: [
    {
      source: "/p/a.css",
      warnings: [
        {
          line: 1,
          column: 5,
          endLine: 1,
          endColumn: 8,
          rule: "color-no-invalid-hex",
          severity: "error",
          text: "Bad hex",
        },
      ],
    },
  ],
}

test("what each linter says is read: where, how bad, by which rule; and nothing of what is no answer", () => {
  const read = LINTER_ROWS.map((row) => {
    const answer = Object.entries(ANSWERS).find(([name]) => name === row.name)?.[1]
    const found = row.read(jsonIn(`warning: something\n${JSON.stringify(answer)}\nFound 2 problems.\n`)) ?? []
    const all = found.map(({ file, line, column, isError, code }) => `${file}:${line}:${column} ${isError} ${code}`)
    expect(row.read({ nothing: true })).toBe(undefined)
    return [row.name, ...all]
  })
  expect(read).toEqual([
    ["eslint", "/p/a.js:3:5 true no-undef", "/p/a.js:1:1 true undefined", "/p/a.js:4:9 false semi"],
    ["ruff", "/p/a.py:1:1 true F821", "/p/a.py:2:89 false E501"],
    ["biome", "a.js:2:1 true lint/suspicious/noDebugger", "b.js:1:1 false lint/style/useConst"],
    ["stylelint", "/p/a.css:1:5 true color-no-invalid-hex"],
  ])
})

/** A ruff that finds the name `nope` wherever it stands, and says when it was run. */
const RUFF = `#!/bin/sh
for last; do :; done
echo run >> "$(dirname "$0")/ran"
grep -n nope "$last" | while IFS=: read -r line rest; do
  echo "{\\"code\\":\\"F821\\",\\"filename\\":\\"$last\\",\\"message\\":\\"Undefined name\\",\\"location\\":{\\"row\\":$line,\\"column\\":1},\\"end_location\\":{\\"row\\":$line,\\"column\\":5}}"
done | paste -sd, - | sed 's/^/[/; s/$/]/'
`

test("a linter runs where the project sets it up and a person trusts it, and of an edit only its own lines are told", async () => {
  await using project = scene(
    { "a.py": "nope\nfine = 1\n", "other/b.py": "nope\n" },
    { said: "trusted", isEnabled: true },
  )
  const { code, query, path, write, program, facts, bin, root } = project
  program("ruff", RUFF)
  chmodSync(`${bin}/ruff`, 0o755)
  const said = async () => {
    const { diagnostics, late } = await code.diagnostics([path("a.py")], { ...query, ...WAIT })
    return [...diagnostics.filter(({ source }) => source === "ruff").map(({ range }) => range.line), ...late]
  }
  expect(await said()).toEqual([])
  write("ruff.toml", "")
  expect(await said()).toEqual([1])
  await code.beforeChange([path("a.py")], query)
  write("a.py", "nope\nfine = 1\nnope\n")
  const { diagnostics } = await code.introduced([path("a.py")], { ...query, ...WAIT })
  expect(diagnostics.filter(({ source }) => source === "ruff").map(({ range }) => range.line)).toEqual([3])
  facts.said = "undecided"
  expect(await said()).toEqual([])
  expect((await code.status(root)).find(({ name }) => name === "ruff")).toMatchObject({ status: "off" })
})

test("the real biome is run in a folder that has its settings", async () => {
  await using project = scene({ "biome.json": "{}", "a.js": "debugger\n" }, { said: "trusted", servers: {} })
  const { code, query, path, program } = project
  const biome = Bun.resolveSync("@biomejs/biome/bin/biome", import.meta.dir)
  program("biome", `#!/bin/sh\nexec "${process.execPath}" "${biome}" "$@"\n`)
  const { diagnostics } = await code.diagnostics([path("a.js")], { ...query, waitMs: 60_000 })
  expect(
    diagnostics.filter(({ source }) => source === "biome").map(({ severity, code: rule }) => [severity, rule]),
  ).toEqual([["error", "lint/suspicious/noDebugger"]])
}, 60_000)
