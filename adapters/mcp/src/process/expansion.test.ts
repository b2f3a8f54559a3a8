import { expect, test } from "bun:test"
import { expanded } from "./expansion.ts"

const env = { TOKEN: "s3cret", EMPTY: "" }

test("settings name variables with and without braces, and say what stands for one that is not set", () => {
  expect(expanded("Bearer ${TOKEN} $TOKEN ${GONE:-plain} ${EMPTY:-other}", env, "X")).toEqual({
    text: "Bearer s3cret s3cret plain other",
    values: ["s3cret", "s3cret", "plain", "other"],
  })
})

test("what was put in is not read again, and what names nothing stays", () => {
  expect(expanded("${A}", { A: "$TOKEN ${TOKEN}" }, "X").text).toBe("$TOKEN ${TOKEN}")
  expect(expanded("pa$word 100$ $1 ${}", env, "X").text).toBe("pa$word 100$ $1 ${}")
})

test("a variable that is not set is named", () => {
  expect(() => expanded("${GONE}", env, "The header X-Key of the MCP server docs")).toThrow(
    "The header X-Key of the MCP server docs names ${GONE}, which is not set in the environment.",
  )
})
