import { expect, test } from "bun:test"
import { contentOf } from "./result.ts"

const bytes = (text: string) => new TextEncoder().encode(text)

test("text stays text, an image is one, and blocks as MCP has them are blocks", () => {
  expect(contentOf(bytes("two\nlines\n"))).toEqual([{ type: "text", text: "two\nlines" }])
  expect(contentOf(bytes('{"count":2}'))).toEqual([{ type: "text", text: '{"count":2}' }])
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10])
  expect(contentOf(png)).toEqual([{ type: "image", mediaType: "image/png", data: "iVBORw0K" }])
  const blocks = {
    content: [{ type: "text", text: "a" }, { type: "image", data: "AA==", mimeType: "image/png" }, { type: "odd" }],
  }
  expect(contentOf(bytes(JSON.stringify(blocks)))).toEqual([
    { type: "text", text: "a" },
    { type: "image", mediaType: "image/png", data: "AA==" },
  ])
})

test("more than a model reads is cut with a word", () => {
  const [block] = contentOf(bytes("x".repeat(70_000)))
  expect(block).toMatchObject({ text: expect.stringContaining("[… 10000 characters left out …]") })
})
