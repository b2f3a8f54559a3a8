import { expect, test } from "bun:test"
import { canonical } from "./canonical.ts"

test("a value has one text, whatever order its members were written in", () => {
  const value = { b: [3, 1e21, -0, 0.000001, 333333333.3333333], "€": '\u000f\n"é', a: { z: null, A: true }, 1: {} }
  expect(canonical(value)).toBe(
    '{"1":{},"a":{"A":true,"z":null},"b":[3,1e+21,0,0.000001,333333333.3333333],"€":"\\u000f\\n\\"é"}',
  )
  expect(canonical(JSON.parse('{"peach":1,"péché":2,"pêche":3,"sin":4}'))).toBe(
    '{"peach":1,"péché":2,"pêche":3,"sin":4}',
  )
})

test("members are sorted by their UTF-16 units, as the specification's example has them", () => {
  const value = { "\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\u{1f600}": 5, "\u0080": 6, "\u00f6": 7 }
  expect(Object.values(JSON.parse(canonical(value)) as object)).toEqual([4, 2, 6, 7, 1, 5, 3])
  const wide = { "\ufb33": 1, "\u{1f600}": 2 }
  expect(canonical(wide)).toBe('{"\u{1f600}":2,"\ufb33":1}')
})

test("what JSON cannot say is not signed", () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, { a: undefined }, "\ud800", { "\udc00": 1 }, 1n])
    expect(() => canonical(value)).toThrow(TypeError)
})
