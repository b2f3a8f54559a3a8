import { afterEach, beforeEach, expect, test } from "bun:test"
import { type ToolSession, toolSession } from "./session.ts"

let session: ToolSession
beforeEach(() => {
  session = toolSession()
})
afterEach(() => session.close())

const source = (lines: string) => `"source": [${lines}]`
const first = `  {
   "cell_type": "markdown",
   "id": "top",
   "metadata": {},
   ${source('"# Title\\n", "text, with ] and }"')}
  }`
const second = `  {
   "cell_type": "code",
   "execution_count": 3,
   "id": "b2",
   "metadata": {"score": 1.0},
   "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1\\n"]}],
   ${source('"print(1)"')}
  }`
const rest = `
 ],
 "metadata": {"cells": [1], "big": 12345678901234567890},
 "nbformat": 4,
 "nbformat_minor": 5
}
`
const book = (...cells: readonly string[]) => `{\n "cells": [\n${cells.join(",\n")}${rest}`
const written = (kind: string, id: string, ran: readonly string[], lines: string) =>
  `  {\n   "cell_type": "${kind}",\n   "id": "${id}",\n   "metadata": {},\n${ran.map((line) => `   ${line},\n`).join("")}   ${lines}\n  }`
const lines = (...texts: readonly string[]) => `"source": [\n${texts.map((text) => `    ${text}`).join(",\n")}\n   ]`

async function changed(input: object, before = book(first, second)): Promise<string> {
  await read(before)
  const said = await session.say("notebook_edit", { path: "a.ipynb", ...input })
  return session.text("a.ipynb") === before ? said : session.text("a.ipynb")
}

async function read(before: string): Promise<void> {
  const path = session.put("a.ipynb", before)
  session.observed.set(path, new Bun.CryptoHasher("sha256").update(before).digest("hex"))
}

test("a cell is replaced by its id or number, and no other byte of the notebook changes", async () => {
  const after = written("markdown", "top", [], lines('"# New\\n"', '"one"'))
  expect(await changed({ cell: "top", source: "# New\none" })).toBe(book(after, second))
  expect(await changed({ cell: "1", source: "# New\none" })).toBe(book(after, second))
})

test("a cell of code whose source changes loses its outputs; one that becomes text has none", async () => {
  const replaced = await changed({ cell: "b2", source: "print(2)" })
  expect(JSON.parse(replaced).cells[1]).toEqual({
    ...{
      cell_type: "code",
      id: "b2",
      metadata: { score: 1 },
      execution_count: null,
      outputs: [],
      source: ["print(2)"],
    },
  })
  expect(JSON.parse(await changed({ cell: "b2", source: "x", type: "markdown" })).cells[1]).toEqual({
    ...{ cell_type: "markdown", id: "b2", metadata: { score: 1 }, source: ["x"] },
  })
})

test("a cell is inserted after the one that is named, or as the first, with an id of its own", async () => {
  const after = await changed({ cell: "top", mode: "insert", source: "x = 1" })
  const id = JSON.parse(after).cells[1].id
  expect(id).toMatch(/^[0-9a-f]{8}$/)
  const cell = `  {\n   "cell_type": "code",\n   "id": "${id}",\n   "metadata": {},\n   "execution_count": null,\n   "outputs": [],\n   ${lines('"x = 1"')}\n  }`
  expect(after).toBe(book(first, cell, second))
  const atFront = await changed({ mode: "insert", source: "x", type: "raw" })
  expect(atFront).toBe(book(written("raw", JSON.parse(atFront).cells[0].id, [], lines('"x"')), first, second))
})

test("a cell is deleted: the first, the last, the only one", async () => {
  expect(await changed({ cell: "top", mode: "delete" })).toBe(book(second))
  expect(await changed({ cell: "2", mode: "delete" })).toBe(book(first))
  expect(JSON.parse(await changed({ cell: "1", mode: "delete" }, book(first))).cells).toEqual([])
})

test("a notebook on one line stays on one, and an empty one takes a first cell", async () => {
  expect(
    await changed({ mode: "insert", source: "x", type: "raw" }, '{"cells":[],"nbformat":4,"nbformat_minor":2}'),
  ).toBe('{"cells":[{"cell_type":"raw","metadata":{},"source":["x"]}],"nbformat":4,"nbformat_minor":2}')
})

test("its own ends of lines and its byte order mark stay", async () => {
  const before = `\ufeff${book(first).replaceAll("\n", "\r\n")}`
  const after = await changed({ cell: "1", source: "one" }, before)
  expect(after).toBe(`\ufeff${book(written("markdown", "top", [], lines('"one"'))).replaceAll("\n", "\r\n")}`)
})

test.each([
  [{ cell: "nope", source: "x" }, undefined, 'There is no cell "nope": it has 2 cells.'],
  [{ cell: "3", source: "x" }, undefined, 'There is no cell "3"'],
  [{ source: "x" }, undefined, "Which cell?"],
  [{ cell: "1" }, undefined, "To replace a cell, give its source."],
  [{ cell: "1", source: "x" }, "{", "It is no notebook"],
  [{ cell: "1", source: "x" }, '{"worksheets": []}', "It is no notebook of today's format"],
  [{ cell: "1", source: "x", mode: "move" }, undefined, "mode"],
])("%j is refused with what to do instead", async (input, before, words) => {
  expect(await changed(input, before)).toContain(words)
})

test("one that the model has not read is not changed", async () => {
  session.put("a.ipynb", book(first))
  expect(await session.say("notebook_edit", { path: "a.ipynb", cell: "1", source: "x" })).toContain("You have not read")
  expect(session.text("a.ipynb")).toBe(book(first))
})
