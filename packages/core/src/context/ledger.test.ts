import { expect, test } from "bun:test"
import type { InputId } from "@skein/protocol"
import type { Said } from "../transcript/state.ts"
import { ledgerOf } from "./ledger.ts"

const said = (...texts: readonly string[]): Said[] =>
  texts.map((text, at) => ({ inputId: `inp_${at}`, turnId: `trn_${at}`, input: [{ type: "text", text }], at }))
const NONE: ReadonlySet<InputId> = new Set()

test("what fits stands word for word and in order", () => {
  const { text, kept, shortened } = ledgerOf(said("one\n\ttwo", "ünd drei"), NONE, 1_000)
  expect(text).toEndWith("[message 1]\none\n\ttwo\n\n[message 2]\nünd drei")
  expect([kept, shortened]).toEqual([["inp_0", "inp_1"], []])
})

test("of what does not fit the longest lose their middle, and no other a letter", () => {
  const long = `head${"x".repeat(4_000)}tail`
  const { text, kept, shortened } = ledgerOf(said("be brief", long, "no spaces"), NONE, 1_000)
  expect([kept, shortened]).toEqual([["inp_0", "inp_2"], ["inp_1"]])
  for (const part of ["be brief", "no spaces", "head", "tail", "characters left out"]) expect(text).toContain(part)
  expect(text.length).toBeLessThan(1_300)
})

test("what was restored stands whole, whatever it costs", () => {
  const long = `head${"x".repeat(4_000)}tail`
  const { text, shortened } = ledgerOf(said(long, long), new Set(["inp_0"]), 1_000)
  expect(text).toContain(long)
  expect(shortened).toEqual(["inp_1"])
})

test("however many there are, the ledger is bounded: the newest stay, the oldest are counted", () => {
  const many = said(...Array.from({ length: 5_000 }, (_, n) => `message number ${n} ${"y".repeat(300)}`))
  const { text, kept, shortened } = ledgerOf(many, NONE, 10_000)
  expect(text.length).toBeLessThan(16_000)
  expect(text).toContain("message number 4999")
  expect(text).toMatch(/\[49\d\d older messages are left out here/)
  expect(kept.length + shortened.length).toBe(5_000)
})

test("an image becomes a note", () => {
  const input = [{ type: "image", mediaType: "image/png", data: "aGk=" }] as const
  const { text, kept } = ledgerOf([{ inputId: "inp_0", turnId: "trn_0", input, at: 0 }], NONE, 1_000)
  expect(text).toContain("[an image was here")
  expect([text.includes("aGk="), kept]).toEqual([false, ["inp_0"]])
})
