import { expect, test } from "bun:test"
import { InputDecoder } from "@skein/term"
import type { PressContext, Pressed } from "../src/composer/context.ts"
import { press } from "../src/composer/press.ts"
import { emptyComposer } from "../src/composer/state.ts"
import type { Intent } from "../src/intent.ts"
import { busy, idle, shown } from "./keys.ts"

test("every way in which a terminal says newline is one", () => {
  for (const newline of ["\n", "\\\r", "\u001b[13;2u", "\u001b[27;2;13~", "\u001b\r"]) {
    const { state, intents } = typed(`one${newline}two`)
    expect([newline, shown(state), intents]).toEqual([newline, "one\ntwo|", []])
  }
})

test("Enter sends, and Escape and Enter queue while a turn runs", () => {
  expect(typed("go\r").intents).toEqual([said("go", "steer")])
  expect(typed("go\u001b\r", busy).intents).toEqual([said("go", "queue")])
})

test("a megabyte that is pasted, with marks or without, is one chip and is sent whole", () => {
  const text = "some line with wide 漢字 in it, and more\n".repeat(24_000)
  for (const bytes of [`\u001b[200~${text}\u001b[201~`, text]) {
    const { state, intents } = typed(bytes)
    expect([state.text.length, intents]).toEqual([1, []])
    expect(press(state, { kind: "key", chord: "enter" }, idle).intents).toEqual([said(text, "steer")])
  }
})

test("keys of emacs edit as a terminal sends them", () => {
  expect(shown(typed("one two\u0017x\u001f").state)).toBe("one |")
  expect(shown(typed("one two\u001bb\u001bd\u0001\u0019").state)).toBe("two|one ")
  expect(shown(typed("ab\u001b[D\u0014").state)).toBe("ba|")
  expect(shown(typed("one two\u001b[1;5D\u007f").state)).toBe("one|two")
})

test("in vi's normal mode keys that come together are keys one by one", () => {
  const start = typed("one two three\u001b", idle, "vim").state
  expect(shown(start)).toBe("one two thre|e")
  expect(shown(fed("0dwwcwX\u001b", idle, start).state)).toBe("two |X")
})

function said(text: string, delivery: "steer" | "queue"): Intent {
  return { type: "submit", input: [{ type: "text", text }], delivery }
}

function typed(bytes: string, context: PressContext = idle, editing: "emacs" | "vim" = "emacs") {
  return fed(bytes, context, emptyComposer(editing))
}

/** The bytes as a terminal may send them: in reads of 4 kB. */
function fed(text: string, context: PressContext, from: Pressed["state"]) {
  const decoder = new InputDecoder()
  const bytes = new TextEncoder().encode(text)
  let state = from
  const intents: Intent[] = []
  const reads = Array.from({ length: Math.ceil(bytes.length / 4096) }, (_, at) =>
    bytes.slice(at * 4096, (at + 1) * 4096),
  )
  for (const inputs of [
    ...reads.map((read) => () => decoder.feed(read)),
    () => decoder.flush(),
    () => decoder.flush(),
  ]) {
    for (const input of inputs()) {
      const pressed = press(state, input, context)
      state = pressed.state
      intents.push(...(pressed.intents ?? []))
    }
  }
  return { state, intents }
}
