import { expect, test } from "bun:test"
import { fuzzy, ranked } from "./fuzzy.ts"

test("characters match in order, whatever their case, and say where", () => {
  expect(fuzzy("db", "src/Debounce.ts")?.positions).toEqual([4, 6])
  expect(fuzzy("bd", "debounce")).toBeUndefined()
  expect(fuzzy("", "anything")).toEqual({ score: 0, positions: [] })
  expect(fuzzy("abc", "ab")).toBeUndefined()
})

test("the best place is taken, not the first", () => {
  expect(fuzzy("test", "the latest test")?.positions).toEqual([11, 12, 13, 14])
  expect(fuzzy("cv", "recover composer-view")?.positions).toEqual([8, 17])
  expect(fuzzy("ts", "tests/x.ts")?.positions).toEqual([8, 9])
})

test("starts of words and of parts of a path, and characters side by side, come first", () => {
  const order = (pattern: string, ...texts: string[]) =>
    ranked(pattern, texts, (text) => text).map(({ entry }) => entry)
  expect(order("view", "preview.ts", "src/view.ts")).toEqual(["src/view.ts", "preview.ts"])
  expect(order("cs", "chess", "composer state", "acts")).toEqual(["composer state", "chess", "acts"])
  expect(order("gm", "gemini", "getModel", "program")).toEqual(["getModel", "gemini", "program"])
})

test("of equals the shorter comes first, then the one that came first; nothing typed changes no order", () => {
  const texts = ["ab two", "ab one", "ab"]
  expect(ranked("ab", texts, (text) => text).map(({ entry }) => entry)).toEqual(["ab", "ab two", "ab one"])
  expect(ranked("", texts, (text) => text).map(({ entry }) => entry)).toEqual(texts)
})

test("words parted by spaces may come in any order, all of them", () => {
  expect(fuzzy("ts view", "src/view.ts")?.positions).toEqual([4, 5, 6, 7, 9, 10])
  expect(fuzzy("view py", "src/view.ts")).toBeUndefined()
})

test("text whose lower case has another length still matches at its places", () => {
  expect(fuzzy("b", "İb")?.positions).toEqual([1])
})
