import { afterEach, expect, test } from "bun:test"
import { type CodeGround, type CodeGroundOptions, codeGround, said, toolFacts } from "./code-ground.ts"

let ground: CodeGround | undefined
afterEach(() => ground?.close())

function made(options: CodeGroundOptions = {}): CodeGround {
  ground = codeGround(options)
  return ground
}

const SEARCH = toolFacts("mcp__git-hub__search-code", { query: { type: "string" }, limit: { type: "integer" } })

test("a program calls a server's tools by typed functions, and only its result comes back", async () => {
  const { text, calls } = made({ tools: [SEARCH], answer: () => said('{"hits":[1,2,3]}') })
  const said3 = await text(`
    import { search_code } from "servers/git-hub"
    const found: number[] = []
    for (const query of ["a", "b"]) found.push(...(await search_code({ query })).hits)
    console.log("looked", found.length)
    export default { count: found.length }
  `)
  expect(said3).toBe('{"count":6}\n\nIt printed:\nlooked 6')
  expect(calls).toEqual([
    { name: "mcp__git-hub__search-code", input: { query: "a" } },
    { name: "mcp__git-hub__search-code", input: { query: "b" } },
  ])
})

test("result() gives the value, call() reaches any tool by its name, and text that is no JSON stays text", async () => {
  const { text } = made({ answer: (name) => said(name === "read" ? "[x] no list" : "12") })
  expect(await text(`result([await call("read", { path: "a" }), await call("count")])`)).toBe('["[x] no list",12]')
})

test("a call that fails throws where it was made, and what nobody catches names the program's line", async () => {
  const { text } = made({ answer: () => said("There is no file nope", "error") })
  expect(await text(`export default await call("read").catch((error) => error.message)`)).toBe("There is no file nope")
  const uncaught = await text(`const a = 1\n\nconst b = await call("read")\nexport default b`)
  expect(uncaught).toContain("ToolError: There is no file nope")
  expect(uncaught).toContain("program.ts:3")
  expect(await text(`const a = 1\nconst b = = 2`)).toContain("program.ts:2:11")
})

test("definitions are told when they are asked for, with the types of what they take", async () => {
  const { say } = made({ tools: [SEARCH, toolFacts("toolbox__lint", {}, "Lint all.")] })
  expect(await say({ list: true })).toBe(
    'from "servers/git-hub":\nsearch_code(input: { query?: string; limit?: number })  // A tool.\n' +
      'from "toolbox":\nlint(input: Record<string, unknown>)  // Lint all.',
  )
  expect(await say({ search: "lint" })).toContain("lint(")
  expect(await say({ search: "lint" })).not.toContain("search_code")
})

test("twenty calls with 200 kB of results leave the context a line", async () => {
  const rows = JSON.stringify(Array.from({ length: 250 }, (_, at) => ({ id: at, name: `row ${at} ${"x".repeat(10)}` })))
  const { text, calls } = made({ tools: [SEARCH], answer: () => said(rows) })
  const program = `
    import { search_code } from "servers/git-hub"
    let count = 0
    for (let page = 0; page < 20; page++) count += (await search_code({ query: String(page) })).filter(({ id }) => id % 2).length
    export default count`
  const answer = await text(program)
  expect(answer).toBe("2500")
  const tokens = (chars: number) => Math.ceil(chars / 3.5)
  expect(calls.length).toBe(20)
  expect(tokens(rows.length * 20)).toBeGreaterThan(50_000)
  expect(tokens(program.length + answer.length)).toBeLessThan(150)
})

test("the time that a call waits is not the program's", async () => {
  const { text } = made({
    ...{ quietMs: 3_000, runMs: 3_000 },
    answer: () => new Promise((resolve) => setTimeout(() => resolve(said("late")), 4_000)),
  })
  expect(await text(`export default await call("slow")`)).toBe("late")
}, 60_000)

test("interrupted, a program is gone at once", async () => {
  const { run } = made()
  const stop = new AbortController()
  const running = run(`await call("tell"); for (;;) ;`, stop.signal)
  setTimeout(() => stop.abort(new Error("stopped")), 800)
  await expect(running).rejects.toThrow("stopped")
})

test("a program within another call, in a dry run or of nothing is refused with a word", async () => {
  const { say } = made()
  await expect(say({})).rejects.toThrow("run_code takes {code}")
})
