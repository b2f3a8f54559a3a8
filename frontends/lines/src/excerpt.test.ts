import { expect, test } from "bun:test"
import { excerpt } from "./excerpt.ts"

test("what is short is shown as it is, every character of it", () => {
  expect(excerpt("git push\u202e\n\n\techo a")).toEqual(["git push\\u{202e}", "", "\techo a"])
})

test("however a text is padded, its size, its head and its tail are shown", () => {
  const padded = `echo safe${" ".repeat(3_000)}; rm -rf b`
  expect(excerpt(padded)).toEqual(["(1 line, 3,019 characters; shortened here)", "echo safe⋯ 3,000 spaces ⋯; rm -rf b"])
  expect(excerpt(`echo safe${"\n".repeat(300)}rm -rf b`)).toEqual([
    "(301 lines, 317 characters; shortened here)",
    "echo safe",
    "⋯ 299 empty lines ⋯",
    "rm -rf b",
  ])
  const many = excerpt(Array.from({ length: 500 }, (_, n) => `line ${n}`).join("\n"))
  expect([many.length, many[0], many[1], many[21], many.at(-1)]).toEqual([
    42,
    "(500 lines, 4,389 characters; shortened here)",
    "line 0",
    "⋯ 460 lines ⋯",
    "line 499",
  ])
  const [, long = ""] = excerpt(`a${"x".repeat(9_000)}z`)
  expect([long[0], long.includes("⋯ 8,002 characters ⋯"), long.at(-1)]).toEqual(["a", true, "z"])
})

test("no padding of blanks that are not spaces hides what comes after it", () => {
  for (const blank of ["\u00a0", "\u2003", "\u3000", "\t", "\u2800", "\u200b"]) {
    const shown = excerpt(`a${blank.repeat(5_000)}b`).join("\n")
    expect(shown.length).toBeLessThan(1_200)
    expect(shown).toEndWith("b")
  }
})
