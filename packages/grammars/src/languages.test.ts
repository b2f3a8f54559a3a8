import { expect, test } from "bun:test"
import { languageOf } from "./languages.ts"

test("a language is known by its fence, by the ending of a file, or by the program in its first line", () => {
  expect(languageOf({ fence: "ts" })).toBe("typescript")
  expect(languageOf({ fence: "C++" })).toBe("cpp")
  expect(languageOf({ path: "src/a/b.test.TSX" })).toBe("tsx")
  expect(languageOf({ path: "/home/me/.bashrc" })).toBe("bash")
  expect(languageOf({ path: "Gemfile" })).toBe("ruby")
  expect(languageOf({ path: "run", firstLine: "#!/usr/bin/env -S python3.12 -u" })).toBe("python")
  expect(languageOf({ path: "run", firstLine: "#!/bin/bash -e" })).toBe("bash")
})

test("what has no name that is known is no language", () => {
  for (const source of [
    {},
    { fence: "" },
    { fence: "toString" },
    { path: "a." },
    { path: "README" },
    { firstLine: "#!" },
  ]) {
    expect(languageOf(source)).toBeUndefined()
  }
})
