import { expect, test } from "bun:test"
import { createHash } from "node:crypto"
import { sha256, utf8Bytes } from "./sha256.ts"

test("the hash and the size of any text are those of its UTF-8 bytes", () => {
  const texts = [
    "",
    "abc",
    "é",
    "漢字",
    "🙂 and \ud800 alone \udc00",
    "x".repeat(55),
    "x".repeat(56),
    "y".repeat(64),
    "ä".repeat(5_000),
  ]
  for (const text of texts) {
    expect([utf8Bytes(text), sha256(text)]).toEqual([
      Buffer.byteLength(text),
      createHash("sha256").update(text, "utf8").digest("hex"),
    ])
  }
})
