import { expect, test } from "bun:test"
import { clipboard, forTmux, linked, notification, title } from "./sequences.ts"

const HOSTILE = "a\u001b]0;b\u0007c\u009b31m\nd\u202e\ud800"

test("no text ends a sequence or begins another", () => {
  for (const sequence of [
    title(HOSTILE),
    notification("osc9", HOSTILE, HOSTILE),
    notification("osc777", HOSTILE, HOSTILE),
  ]) {
    expect(sequence.slice(1, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e\ud800]/)
  }
  expect(title(HOSTILE)).toBe("\u001b]0;a ]0;b c 31m d \u0007")
})

test("notes are told in the way of the terminal", () => {
  expect(notification("osc9", "skein", "done")).toBe("\u001b]9;skein: done\u0007")
  expect(notification("osc9", "4;1;50", "")).toBe("\u001b]9; 4;1;50\u0007")
  expect(notification("osc777", "a;b", "done; now")).toBe("\u001b]777;notify;a,b;done; now\u0007")
  expect(notification("osc99", "skein", "done")).toBe("\u001b]99;;skein: done\u001b\\")
})

test("text goes to the clipboard whole, or not at all", () => {
  expect(clipboard("häß\u001b")).toBe(`\u001b]52;c;${Buffer.from("häß\u001b").toString("base64")}\u0007`)
  expect(clipboard("x".repeat(80_000))).toBeUndefined()
})

test("an address is escaped, its text is plain", () => {
  expect(linked("https://example.test/a b\u0007ü", "here\u001b")).toBe(
    "\u001b]8;;https://example.test/a%20b%C3%BC\u001b\\here \u001b]8;;\u001b\\",
  )
})

test("tmux lets a sequence through when each escape in it is doubled", () => {
  expect(forTmux(title("x"))).toBe("\u001bPtmux;\u001b\u001b]0;x\u0007\u001b\\")
})
