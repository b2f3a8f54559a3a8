import { expect, test } from "bun:test"
import { isWithin } from "./paths.ts"

test("a path is within a folder by its components, not by its spelling", () => {
  expect(isWithin("/w/app", "/w/app")).toBe(true)
  expect(isWithin("/w/app/src/a.ts", "/w/app")).toBe(true)
  expect(isWithin("/w/app-evil", "/w/app")).toBe(false)
  expect(isWithin("/w", "/w/app")).toBe(false)
  expect(isWithin("/anything", "/")).toBe(true)
})
