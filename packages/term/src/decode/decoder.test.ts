import { describe, expect, test } from "bun:test"
import type { Input } from "../input.ts"
import { InputDecoder } from "./decoder.ts"

const bytes = (text: string) => new TextEncoder().encode(text)

/** What was read, short: chords, and other inputs as they are. */
function told(inputs: readonly Input[]) {
  return inputs.map((input) => (input.kind === "key" ? input.chord : input))
}

function decoded(text: string) {
  const decoder = new InputDecoder()
  return told([...decoder.feed(bytes(text)), ...decoder.flush()])
}

function reply(text: string) {
  const [input, ...more] = decoded(text)
  expect(more).toEqual([])
  return typeof input === "object" && input.kind === "reply" ? input.reply : input
}

describe("keys", () => {
  test.each([
    ["xterm", "\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F", "up down right left home end"],
    ["application cursor keys", "\x1bOA\x1bOB\x1bOC\x1bOD\x1bOH\x1bOF", "up down right left home end"],
    [
      "xterm with modifiers",
      "\x1b[1;2A\x1b[1;3B\x1b[1;5C\x1b[1;8D",
      "shift+up alt+down ctrl+right ctrl+alt+shift+left",
    ],
    ["vt editing keys", "\x1b[1~\x1b[2~\x1b[3~\x1b[4~\x1b[5~\x1b[6~", "home insert delete end page-up page-down"],
    ["vt editing keys with modifiers", "\x1b[3;5~\x1b[5;3~\x1b[6;2~", "ctrl+delete alt+page-up shift+page-down"],
    [
      "rxvt",
      "\x1b[7~\x1b[8~\x1b[7$\x1b[7^\x1b[7@\x1b[a\x1bOa",
      "home end shift+home ctrl+home ctrl+shift+home shift+up ctrl+up",
    ],
    ["linux console", "\x1b[[A\x1b[[B\x1b[[E", "f1 f2 f5"],
    ["function keys", "\x1bOP\x1bOQ\x1bOR\x1bOS\x1b[15~\x1b[21~\x1b[24~\x1b[34~", "f1 f2 f3 f4 f5 f10 f12 f20"],
    ["function keys with modifiers", "\x1b[1;5P\x1b[1;2R\x1b[15;5~", "ctrl+f1 shift+f3 ctrl+f5"],
    ["keypad", "\x1bOM\x1bOp\x1bOk", "enter 0 +"],
    [
      "control characters",
      "\x01\x02\x08\x0b\x1a\x1c\x1d\x1f\x00\x7f\t",
      "ctrl+a ctrl+b ctrl+h ctrl+k ctrl+z ctrl+\\ ctrl+] ctrl+_ ctrl+space backspace tab",
    ],
    [
      "alt as a prefix",
      "\x1ba\x1bA\x1b?\x1b1\x1b\x7f\x1b\t\x1bé\x1b\x01",
      "alt+a alt+shift+a alt+? alt+1 alt+backspace alt+tab alt+é ctrl+alt+a",
    ],
    ["alt as a prefix of a sequence", "\x1b\x1b[A\x1b\x1bOB", "alt+up alt+down"],
    ["back tab", "\x1b[Z", "shift+tab"],
    [
      "modifyOtherKeys",
      "\x1b[27;5;97~\x1b[27;6;65~\x1b[27;2;9~\x1b[27;3;13~\x1b[27;6;63~",
      "ctrl+a ctrl+shift+a shift+tab alt+enter ctrl+?",
    ],
    [
      "keyboard protocol",
      "\x1b[27u\x1b[97;5u\x1b[97;6u\x1b[9;2u\x1b[127;5u\x1b[32;5u",
      "escape ctrl+a ctrl+shift+a shift+tab ctrl+backspace ctrl+space",
    ],
    ["modifyOtherKeys under Caps Lock", "\x1b[27;5;67~\x1b[27;3;66~\x1b[27;6;67~", "ctrl+c alt+b ctrl+shift+c"],
    ["keyboard protocol, Caps Lock", "\x1b[97;65u\x1b[223;65u\x1b[329;65u", "A ß ŉ"],
    ["keyboard protocol, shifted key", "\x1b[47:63;6u\x1b[49:33;4u", "ctrl+? alt+!"],
    ["keyboard protocol, another script", "\x1b[1089::99;5u\x1b[1057:1057:99;6u", "ctrl+c ctrl+shift+c"],
    ["keyboard protocol, super and locks", "\x1b[97;9u\x1b[97;69u\x1b[97;133u", "super+a ctrl+a ctrl+a"],
    [
      "keyboard protocol, repeated and released",
      "\x1b[97;5:1u\x1b[97;5:2u\x1b[97;5:3u\x1b[1;1:3A\x1b[1;1:2A",
      "ctrl+a ctrl+a up",
    ],
    ["keyboard protocol, keypad", "\x1b[57414u\x1b[57417u\x1b[57400u\x1b[57376u", "enter left 1 f13"],
    ["keyboard protocol, keys that do nothing alone", "\x1b[57441;2u\x1b[57358u\x1b[57428u", ""],
  ])("%s", (_, sequence, chords) => {
    expect(decoded(sequence)).toEqual(chords === "" ? [] : chords.split(" "))
  })

  test("Enter, Ctrl+J, Shift+Enter and Alt+Enter are four keys wherever a terminal can tell them apart", () => {
    expect(decoded("\r\n\x1b\r")).toEqual(["enter", "alt+enter"])
    expect(decoded("\n")).toEqual(["ctrl+j"])
    expect(decoded("\x1b[13u\x1b[106;5u\x1b[13;2u\x1b[13;3u\x1b[13;5u")).toEqual([
      "enter",
      "ctrl+j",
      "shift+enter",
      "alt+enter",
      "ctrl+enter",
    ])
    expect(decoded("\x1b[27;5;106~\x1b[27;2;13~\x1b[27;3;13~\x1b[27;5;13~")).toEqual([
      "ctrl+j",
      "shift+enter",
      "alt+enter",
      "ctrl+enter",
    ])
  })

  test("characters are keys that write themselves; many at once, or of any script, are one", () => {
    const decoder = new InputDecoder()
    expect(decoder.feed(bytes("a "))).toEqual([
      { kind: "key", chord: "a", text: "a" },
      { kind: "key", chord: " ", text: " " },
    ])
    expect(decoder.feed(bytes("日本 👩‍👩‍👧"))).toEqual([{ kind: "key", chord: "日本 👩‍👩‍👧", text: "日本 👩‍👩‍👧" }])
    expect(decoder.feed(bytes("\x1b[97:65;2u\x1b[228;;228u\x1b[32;2u\x1b[97;65u"))).toEqual([
      { kind: "key", chord: "A", text: "A" },
      { kind: "key", chord: "ä", text: "ä" },
      { kind: "key", chord: "shift+space", text: " " },
      { kind: "key", chord: "A", text: "A" },
    ])
  })

  test("a key that ends in a byte which goes on elsewhere is whole without the next", () => {
    expect(decoded("\x1b[7$+\x1b[3$ ")).toEqual(["shift+home", "+", "shift+delete", " "])
  })

  test("a lone ESC is the key once nothing followed it", () => {
    const decoder = new InputDecoder()
    expect(decoder.feed(bytes("\x1b"))).toEqual([])
    expect(decoder.hasPending).toBe(true)
    expect(told(decoder.flush())).toEqual(["escape"])
    expect(decoder.flush()).toEqual([])
    expect(decoder.hasPending).toBe(false)
    expect(told(decoder.feed(bytes("x")))).toEqual(["x"])
  })

  test("a key that begins with an ESC of its own is not the rest of an Escape that was pressed before", () => {
    for (const [key, wanted] of [
      ["\x1b[20~", "f9"],
      ["\x1b[A", "up"],
      ["\x1bOP", "f1"],
    ] as const) {
      const decoder = new InputDecoder()
      expect(told(decoder.feed(bytes("\x1b")))).toEqual([])
      expect(told(decoder.flush())).toEqual(["escape"])
      expect(told(decoder.feed(bytes(key)))).toEqual([wanted])
    }
  })

  test("what else a person can type that begins a sequence is a key too", () => {
    expect(decoded("\x1b[")).toEqual(["alt+["])
    expect(decoded("\x1bO")).toEqual(["alt+shift+o"])
    expect(decoded("\x1b]")).toEqual(["alt+]"])
    expect(decoded("\x1b\x1b")).toEqual(["escape", "escape"])
    expect(decoded("\x1bPaul")).toEqual(["alt+shift+p", "a", "u", "l"])
  })
})

describe("text", () => {
  test("bytes that are no UTF-8 are shown as such, and nothing around them is lost", () => {
    expect(decoder(["a", [0xff], "b"])).toEqual(["a", "\ufffd", "b"])
    expect(decoder([[0xe2, 0x82], "b"])).toEqual(["\ufffdb"])
    expect(decoder([[0xc3], "\r"])).toEqual(["\ufffd", "enter"])
    expect(decoder([[0xe2, 0x82]])).toEqual(["\ufffd"])
  })

  test("a character that comes in pieces is one", () => {
    const all = bytes("é€👍")
    const one = new InputDecoder()
    expect([...all].flatMap((byte) => told(one.feed(new Uint8Array([byte]))))).toEqual(["é", "€", "👍"])
    expect(one.hasPending).toBe(false)
  })

  function decoder(parts: readonly (string | readonly number[])[]) {
    const one = new InputDecoder()
    const all = parts.flatMap((part) => [...(typeof part === "string" ? bytes(part) : part)])
    return told([...one.feed(new Uint8Array(all)), ...one.flush()])
  }
})

describe("what nobody can read", () => {
  test.each([
    ["an unknown key", "\x1b[99~"],
    ["a key of private parameters", "\x1b[>4;2m"],
    ["a size in pixels", "\x1b[4;600;800t"],
    ["a color of the text", "\x1b]10;rgb:f/8/0\x1b\\"],
    ["a key with intermediates", "\x1b[1;2 q"],
    ["an unknown string", "\x1b]1337;Foo=bar\x07"],
    ["an unknown device control string", "\x1bP1$r0m\x1b\\"],
    ["an answer about graphics", "\x1b_Gi=31;OK\x1b\\"],
    ["a report of the oldest mouse protocol", "\x1b[M !!"],
    ["a key of the Windows console", "\x1b[65;30;97;1;0;1_"],
  ])("%s leaves nothing behind", (_, sequence) => {
    expect(decoded(`${sequence}x`)).toEqual(["x"])
  })

  test("a sequence that is cut off is dropped, and the key after it is not", () => {
    expect(decoded("\x1b[31\x1b[A")).toEqual(["up"])
    expect(decoded("\x1b[31\rx")).toEqual(["enter", "x"])
  })

  test("a string that is cut off is dropped, and what is pressed once its end was waited for is not", () => {
    for (const key of ["\r", "\x1b[A"]) {
      const decoder = new InputDecoder()
      const cut = [...decoder.feed(bytes("\x1b]11;rgb:ff")), ...decoder.flush(), ...decoder.feed(bytes("0"))]
      expect([...cut, ...decoder.feed(bytes(key))]).toMatchObject([{ chord: key === "\r" ? "enter" : "up" }])
    }
  })

  test("the rest of an answer that comes after the timeout is no text either", () => {
    for (const answer of [
      "\x1b[?62;22c",
      "\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
      "\x1bP>|xterm(390)\x1b\\",
      "\x1b[31~",
      "\x1b[12;40R",
    ]) {
      for (let cut = 1; cut < answer.length; cut++) {
        const decoder = new InputDecoder()
        const inputs = [...decoder.feed(bytes(answer.slice(0, cut))), ...decoder.flush()]
        inputs.push(...decoder.feed(bytes(answer.slice(cut))), ...decoder.flush(), ...decoder.feed(bytes("k")))
        expect(inputs.filter((input) => input.kind === "key" && input.text !== undefined)).toEqual([
          { kind: "key", chord: "k", text: "k" },
        ])
      }
    }
  })

  test("an endless sequence ends", () => {
    expect(decoded(`\x1b[${"1".repeat(300)}\x1b[Ax`).at(-1)).toBe("x")
    const decoder = new InputDecoder()
    const long = decoder.feed(bytes(`\x1b]11;${"f".repeat(100_000)}`))
    expect([...long, ...decoder.flush(), ...decoder.feed(bytes("x"))]).toMatchObject([{ chord: "x" }])
    expect(decoder.hasPending).toBe(false)
  })
})

describe("answers", () => {
  test("a terminal's answers are told apart from keys", () => {
    expect(reply("\x1b[5;7R")).toEqual({ kind: "cursor", row: 4, column: 6 })
    expect(reply("\x1b[?1;2R")).toEqual({ kind: "cursor", row: 0, column: 1 })
    expect(reply("\x1b[?62;4;22c")).toEqual({ kind: "attributes", values: [62, 4, 22] })
    expect(reply("\x1b[?2026;2$y")).toEqual({ kind: "mode", mode: 2026, state: "reset" })
    expect(reply("\x1b[?2026;0$y")).toEqual({ kind: "mode", mode: 2026, state: "unknown" })
    expect(reply("\x1b[?2026;3$y")).toEqual({ kind: "mode", mode: 2026, state: "set" })
    expect(reply("\x1b[?2026;4$y")).toEqual({ kind: "mode", mode: 2026, state: "unknown" })
    expect(reply("\x1bP>|WezTerm 20240203\x1b\\")).toEqual({ kind: "name", text: "WezTerm 20240203" })
    expect(reply("\x1b]11;rgb:1e1e/1e1e/2e2e\x07")).toEqual({ kind: "background", color: "#1e1e2e" })
    expect(reply("\x1b]11;rgb:f/8/0\x1b\\")).toEqual({ kind: "background", color: "#ff8800" })
    expect(reply("\x1b[?5u")).toEqual({ kind: "keyboard", flags: 5 })
    expect(reply("\x1b[?997;2n")).toEqual({ kind: "scheme", isLight: true })
  })

  test("in the first row the cursor looks like F3: it is the cursor when it was asked for", () => {
    const decoder = new InputDecoder()
    expect(told(decoder.feed(bytes("\x1b[1;5R")))).toEqual(["ctrl+f3"])
    decoder.expectCursor()
    expect(decoder.feed(bytes("\x1b[1;5R"))).toEqual([{ kind: "reply", reply: { kind: "cursor", row: 0, column: 4 } }])
    expect(told(decoder.feed(bytes("\x1b[1;5R")))).toEqual(["ctrl+f3"])
  })

  test("focus and mouse", () => {
    expect(decoded("\x1b[I\x1b[O")).toEqual([
      { kind: "focus", isFocused: true },
      { kind: "focus", isFocused: false },
    ])
    expect(
      decoded("\x1b[<0;5;6M\x1b[<2;5;6m\x1b[<33;5;6M\x1b[<35;5;6M\x1b[<64;1;1M\x1b[<65;1;1M\x1b[<66;1;1M"),
    ).toEqual([
      { kind: "mouse", action: "press", button: "left", column: 4, row: 5 },
      { kind: "mouse", action: "release", button: "right", column: 4, row: 5 },
      { kind: "mouse", action: "drag", button: "middle", column: 4, row: 5 },
      { kind: "mouse", action: "move", button: "none", column: 4, row: 5 },
      { kind: "mouse", action: "wheel-up", button: "none", column: 0, row: 0 },
      { kind: "mouse", action: "wheel-down", button: "none", column: 0, row: 0 },
    ])
  })
})
