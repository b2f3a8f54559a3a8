import { expect, test } from "bun:test"
import { loadBash } from "./grammar.ts"
import { type BashParser, SecondReader } from "./second-reader.ts"

const nothingAgainst = () => undefined
const OFF = /is off until skein is started again/
const DAMAGE = () => new WebAssembly.RuntimeError("Out of bounds memory access")

test("a parser that was stopped is not used again, and what comes after it is read as ever", async () => {
  const make = await loadBash()
  const made: BashParser[] = []
  const reader = new SecondReader(async () => () => kept(made, make()), 3)
  const long = "echo 'a' $(b); ".repeat(2_000)

  for (let round = 0; round < 40; round += 1) {
    expect(await reader.read(long, nothingAgainst)).toBe("It takes too long to read")
    for (let at = 0; at < 5; at += 1) expect(await reader.read(`a 'b' ${at}`, nothingAgainst)).toBeUndefined()
    expect(made.length).toBe(round + 1 + 1)
  }
})

test("a line over which the parser breaks is not understood, and a new parser reads the next", async () => {
  const make = await loadBash()
  let count = 0
  const reader = new SecondReader(async () => () => (count++ === 0 ? broken(make()) : make()), 1_000)

  expect(await reader.read("a 'b'", nothingAgainst)).toBe("The second reader of bash broke over it")
  expect(await reader.read("a 'b'", nothingAgainst)).toBeUndefined()
})

test("a fault while the tree is looked at is a line that is not understood", async () => {
  const reader = new SecondReader(loadBash, 1_000)
  const looking = () => {
    throw DAMAGE()
  }

  expect(await reader.read("a 'b'", looking)).toBe("The second reader of bash broke over it")
  expect(await reader.read("a 'b'", nothingAgainst)).toBeUndefined()
})

test("when the engine itself is damaged it is off, which is said in full once", async () => {
  const make = await loadBash()
  const parses: string[] = []
  const reader = new SecondReader(async () => () => broken(make(), parses), 1_000)

  expect(await reader.read("a 'b'", nothingAgainst)).toMatch(OFF)
  const before = parses.length
  expect(await reader.read("a 'b'", nothingAgainst)).toBe("The second reader of bash is off")
  expect(parses.length).toBe(before)
})

test("an engine that misreads what everyone can read is off", async () => {
  const make = await loadBash()
  const wrong = (parser: BashParser): BashParser => ({
    parse: (_, before, options) => parser.parse("x", before, options),
    delete: () => parser.delete(),
  })
  let count = 0
  const reader = new SecondReader(async () => () => (count++ === 0 ? broken(make()) : wrong(make())), 1_000)

  expect(await reader.read("a 'b'", nothingAgainst)).toMatch(OFF)
  expect(await reader.read("a 'b'", nothingAgainst)).toBe("The second reader of bash is off")
})

test("one that was broken three times is off", async () => {
  const reader = new SecondReader(loadBash, 1_000)
  const looking = () => {
    throw DAMAGE()
  }
  await reader.read("a", looking)
  await reader.read("a", looking)

  expect(await reader.read("a", looking)).toMatch(OFF)
  expect(await reader.read("a", nothingAgainst)).toBe("The second reader of bash is off")
})

test("one that cannot be loaded is off, and nothing throws", async () => {
  const reader = new SecondReader(async () => {
    throw new Error("no such file")
  }, 1_000)
  await reader.prepare()

  expect(await reader.read("a 'b'", nothingAgainst)).toMatch(OFF)
  expect(await reader.read("a 'b'", nothingAgainst)).toBe("The second reader of bash is off")
})

function kept(made: BashParser[], parser: BashParser): BashParser {
  made.push(parser)
  return parser
}

function broken(parser: BashParser, parses: string[] = []): BashParser {
  return {
    parse: (text) => {
      parses.push(text)
      throw DAMAGE()
    },
    delete: () => parser.delete(),
  }
}
